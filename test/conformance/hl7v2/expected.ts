/** The sample messages that are sent, and what each is answered by the guide; written by hand. */

/** What each input is answered, in the order in which they are sent: MSA-1, then where, 0357, ERR-4 and the detection. */
export const INPUTS: Readonly<Record<string, readonly string[]>> = {
  'aidbox-vxu-base.hl7': ['AA CA0001'],
  'aidbox-vxu-historical.hl7': ['AA CA0004'],
  // Its number is not known, but its day, vaccine and sender are: those of the first.
  'aidbox-vxu-entered-in-error.hl7': ['AA CA0005'],
  'aidbox-vxu-error-missing-rxa.hl7': ['AE CA0007', 'RXA^1 100 E DQA0052', 'ORC 100 E IIS0003'],
  'aidbox-vxu-no-orc.hl7': ['AE CA0010', 'ORC^1 100 E DQA0046', 'ORC 100 E IIS0003'],
  'aidbox-vxu-not-administered.hl7': ['AE CA0002', 'RXA^1^5 102 W DQA0246', 'RXA^1^18 101 W DQA0363'],
  'aidbox-vxu-with-person-observations.hl7': [
    'AE CA0003',
    'RXA^1 101 W DQA0468',
    'RXA^1^15 101 W DQA0339',
    'RXA^1^17 101 W DQA0343',
    'OBX^1^5 103 W DQA0577',
  ],
  // CVX 85, which the message calls hepatitis B, is hepatitis A: nobody gets that at four days.
  'ig15-vxu1-basic-z22.hl7': [
    'AA 45646ug',
    'RXA^1^3 0 I DQA0258',
    'OBX^2^5 0 I DQA0510',
    'OBX^5^5 0 I DQA0510',
  ],
  'ma-miis-vxu-with-pv1-in1.hl7': [
    'AE 23ds124assqqw1234s5',
    'MSH^1^15 0 I DQA0006',
    'MSH^1^16 0 I DQA0410',
    'MSH^1^21 0 I DQA0439',
    'OBX^4^5 0 I DQA0510',
    'RXA^1^17 103 W DQA0344',
    'MSH^1^11 0 I DQA0026',
  ],
  'nist-r15-ad-10-1-send-v04-z22.hl7': ['AA NIST-IZ-AD-10.1_Send_V04_Z22'],
  'nist2012-iz1-admin-child.hl7': ['AA NIST-IZ-001.00', 'MSH^1^21 0 I DQA0439', 'RXA^1^3 0 I DQA0252'],
  'nist2012-iz2-admin-adult.hl7': ['AA NIST-IZ-004.00', 'MSH^1^21 0 I DQA0439', 'RXA^1^3 0 I DQA0252'],
  'nist2012-iz3-historical-child.hl7': ['AA NIST-IZ-007.00', 'MSH^1^21 0 I DQA0439'],
  'nist2012-iz5-refused-toddler.hl7': ['AA NIST-IZ-013.00', 'MSH^1^21 0 I DQA0439', 'RXA^1^3 0 I DQA0252'],
  'nist2012-iz6-varicella-history.hl7': ['AA NIST-IZ-016.00', 'MSH^1^21 0 I DQA0439'],
};
/** Nobody in them is known here. */
export const QUERIES: Readonly<Record<string, readonly string[]>> = {
  'ig15-qbp-z34.hl7': ['AA 793543', 'MSH^1^15 0 I DQA0006', 'MSH^1^16 0 I DQA0410', 'QAK NF'],
  'ig15-qbp-z34-bad-no-querytag.hl7': ['AE 793543', 'QPD^1^2 101 E IIS0017', 'QAK AE'],
  'nist-r15-qr-1-1-query-q11-z44.hl7': ['AA NIST-IZ-QR-1.1_Query_Q11_Z44', 'QAK NF'],
  'nist-r15-qr-4-1-query-q11-z44.hl7': ['AA NIST-IZ-QR-4.1_Query_Q11_Z44', 'QAK NF'],
};
/** In a whole message; two of them lack what an order must have. */
export const FRAGMENTS: Readonly<Record<string, readonly string[]>> = {
  'ig15-frag-evidence-of-immunity.hl7': ['AA M1'],
  'ig15-frag-partial-dose.hl7': ['AE M1', 'RXA^1^9 101 W DQA0332'],
  'ig15-frag-reaction-unknown-dose.hl7': ['AA M1'],
  'ig15-frag-refusal.hl7': ['AA M1'],
  'ig15-frag-vis-two-docs.hl7': ['AE M1', 'RXA^1^6 101 E DQA0269', 'ORC 100 E IIS0003'],
};
