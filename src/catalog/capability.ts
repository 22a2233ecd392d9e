export const capabilityOf = (_c: unknown, _u: string): object => ({ resourceType: 'CapabilityStatement' });
