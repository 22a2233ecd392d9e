/** Media types that more than one door speaks. */

/** Messages of HL7 v2, as text with delimiters. */
export const ER7 = 'x-application/hl7-v2+er7';
