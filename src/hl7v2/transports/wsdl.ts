/** The description of the service (WSDL 1.1 with a SOAP 1.2 binding), by CDC's names of operations, parts and faults. */

const FAULTS = ['fault', 'MessageTooLargeFault', 'SecurityFault', 'UnsupportedOperationFault'] as const;
const NAMES: Readonly<Record<(typeof FAULTS)[number], string>> = {
  fault: 'UnknownFault',
  MessageTooLargeFault: 'MessageTooLargeFault',
  SecurityFault: 'SecurityFault',
  UnsupportedOperationFault: 'UnsupportedOperationFault',
};
const OPERATIONS = {
  connectivityTest: {
    parts: [['echoBack', 1]],
    faults: ['fault', 'UnsupportedOperationFault'],
  },
  submitSingleMessage: {
    parts: [
      ['username', 0],
      ['password', 0],
      ['facilityID', 0],
      ['hl7Message', 1],
    ],
    faults: ['fault', 'SecurityFault', 'MessageTooLargeFault'],
  },
} as const satisfies Record<
  string,
  { parts: readonly (readonly [string, 0 | 1])[]; faults: readonly (typeof FAULTS)[number][] }
>;

const each = <T>(all: readonly T[], write: (one: T) => string): string => all.map(write).join('');
const operations = Object.entries(OPERATIONS);

const element = (name: string, min: 0 | 1): string =>
  `<xsd:element name="${name}" type="xsd:string" minOccurs="${min}" maxOccurs="1" nillable="true"/>`;
const sequence = (name: string, parts: string): string =>
  `<xsd:complexType name="${name}"><xsd:sequence>${parts}</xsd:sequence></xsd:complexType><xsd:element name="NAME" type="tns:${name}"/>`;

const typesOf = (): string =>
  each(operations, ([name, { parts }]) => {
    const asked = sequence(
      `${name}RequestType`,
      each([...parts], ([part, min]) => element(part, min)),
    );
    const told = sequence(`${name}ResponseType`, element('return', 1));
    return asked.replace('NAME', name) + told.replace('NAME', `${name}Response`);
  }) +
  each(FAULTS, (name) => {
    const parts =
      '<xsd:element name="Code" type="xsd:integer"/><xsd:element name="Reason" type="xsd:string"/><xsd:element name="Detail" type="xsd:string"/>';
    return sequence(`${name}Type`, parts).replace('NAME', name);
  });

const messagesOf = (): string =>
  each(operations, ([name]) =>
    each(
      [name, `${name}Response`],
      (message) =>
        `<message name="${message}_Message"><part name="parameters" element="tns:${message}"/></message>`,
    ),
  ) +
  each(
    FAULTS,
    (name) => `<message name="${NAMES[name]}_Message"><part name="fault" element="tns:${name}"/></message>`,
  );

const portOf = (): string =>
  each(operations, ([name, { faults }]) => {
    const told = each(
      [...faults],
      (fault) => `<fault name="${NAMES[fault]}" message="tns:${NAMES[fault]}_Message"/>`,
    );
    return `<operation name="${name}"><input message="tns:${name}_Message"/><output message="tns:${name}Response_Message"/>${told}</operation>`;
  });

const bindingOf = (namespace: string): string =>
  each(operations, ([name, { faults }]) => {
    const body = '<soap12:body use="literal"/>';
    const told = each(
      [...faults],
      (fault) => `<fault name="${NAMES[fault]}"><soap12:fault name="${NAMES[fault]}" use="literal"/></fault>`,
    );
    return `<operation name="${name}"><soap12:operation soapAction="${namespace}:${name}"/><input>${body}</input><output>${body}</output>${told}</operation>`;
  });

/**
 * The WSDL of a service.
 * @param address where it is called
 */
export function wsdl(address: string): string {
  const namespace = 'urn:cdc:iisb:2011';
  return `<?xml version="1.0" encoding="UTF-8"?><definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:soap12="http://schemas.xmlsoap.org/wsdl/soap12/" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:tns="${namespace}" targetNamespace="${namespace}" name="IISServiceNew"><types><xsd:schema elementFormDefault="qualified" targetNamespace="${namespace}">${typesOf()}</xsd:schema></types>${messagesOf()}<portType name="IIS_PortType">${portOf()}</portType><binding name="client_Binding_Soap12" type="tns:IIS_PortType"><soap12:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>${bindingOf(namespace)}</binding><service name="IISService"><port name="client_Port_Soap12" binding="tns:client_Binding_Soap12"><soap12:address location="${address}"/></port></service></definitions>`;
}
