/**
 * Search parameters that several types have under one definition of the base specification
 * (https://hl7.org/fhir/R4/searchparameter-registry.html).
 */
import {
  common,
  date,
  definedBy,
  rare,
  reference,
  string,
  token,
  uri,
  type DerivedParameter,
  type SearchParameter,
} from './define.ts';

const BASE = 'http://hl7.org/fhir/SearchParameter/';

const definedAs =
  (prefix: string) =>
  <P extends SearchParameter>(code: string, parameter: P): P =>
    definedBy(`${BASE}${prefix}-${code}`, parameter);

/** A parameter shared by the clinical resources. */
export const clinical = definedAs('clinical');
/** A parameter shared by the resources about people. */
export const individual = definedAs('individual');
/** A parameter shared by the resources that define others. */
export const conformance = definedAs('conformance');

const ADDRESS_USE = 'http://hl7.org/fhir/address-use';
const ADMINISTRATIVE_GENDER = 'http://hl7.org/fhir/administrative-gender';
export const EVENT_STATUS = 'http://hl7.org/fhir/event-status';

/** What an address is found by. */
export const ADDRESS_SEARCH = {
  // A part of it may be the state or the country.
  address: common(string('address', 'Address')),
  'address-city': common(string('address.city')),
  'address-country': common(string('address.country')),
  'address-postalcode': string('address.postalCode'),
  'address-state': common(string('address.state')),
  'address-use': token('address.use', 'code', ADDRESS_USE),
} as const;

/** How a person or organisation is reached. */
export const TELECOM_SEARCH = {
  email: individual('email', token('telecom[system=email]', 'ContactPoint')),
  phone: individual('phone', token('telecom[system=phone]', 'ContactPoint')),
  telecom: individual('telecom', token('telecom', 'ContactPoint')),
} as const;

/** What every resource about a person is found by. */
export const PERSON_SEARCH = {
  address: individual('address', ADDRESS_SEARCH.address),
  'address-city': individual('address-city', ADDRESS_SEARCH['address-city']),
  'address-country': individual('address-country', ADDRESS_SEARCH['address-country']),
  'address-postalcode': individual('address-postalcode', ADDRESS_SEARCH['address-postalcode']),
  'address-state': individual('address-state', ADDRESS_SEARCH['address-state']),
  'address-use': individual('address-use', ADDRESS_SEARCH['address-use']),
  ...TELECOM_SEARCH,
  gender: individual('gender', token('gender', 'code', ADMINISTRATIVE_GENDER)),
  name: string('name', 'HumanName'),
} as const;

/** What every definition is found by. */
export const CONFORMANCE_SEARCH = {
  date: conformance('date', date('date')),
  description: conformance('description', string('description')),
  jurisdiction: conformance('jurisdiction', token('jurisdiction', 'CodeableConcept')),
  name: conformance('name', string('name')),
  publisher: conformance('publisher', string('publisher')),
  status: conformance('status', token('status', 'code', 'http://hl7.org/fhir/publication-status')),
  url: conformance('url', rare(uri('url'))),
  version: conformance('version', token('version', 'string')),
} as const;

/** The patient of a clinical resource whose subject may be something else. */
export const clinicalPatient = (path: string): SearchParameter =>
  clinical('patient', reference(path, 'Patient'));

/** Those who may act in a record. */
export const ACTORS = [
  'Practitioner',
  'PractitionerRole',
  'Organization',
  'Patient',
  'RelatedPerson',
  'Device',
] as const;
/** Those who may assert something of a patient. */
export const ASSERTERS = ['Practitioner', 'PractitionerRole', 'Patient', 'RelatedPerson'] as const;
/** The base specification's own extensions. */
export const FHIR_EXTENSION = 'http://hl7.org/fhir/StructureDefinition/';
const REGISTRY = 'https://fhir-iis.org/fhir/';
/** The registry's own extensions (profiles/structure-definitions/). */
export const OWN_EXTENSION = `${REGISTRY}StructureDefinition/`;
/** The registry's own profiles, beside the extensions. */
export const OWN_PROFILE = `${OWN_EXTENSION}iis-`;
/** A parameter of the registry's own, published under profiles/search-parameters/. */
export const own = <P extends SearchParameter>(id: string, parameter: P): P =>
  definedBy(`${REGISTRY}SearchParameter/${id}`, parameter);
/** The same of one that is worked out when it is asked. */
export const derived = (id: string): DerivedParameter => ({ canonical: `${REGISTRY}SearchParameter/${id}` });
const US_CORE_SEARCH = 'http://hl7.org/fhir/us/core/SearchParameter/us-core-';
/** A parameter that US Core defines and R4 does not. */
export const usCore = <P extends SearchParameter>(id: string, parameter: P): P =>
  definedBy(`${US_CORE_SEARCH}${id}`, parameter);
export const US_CORE = 'http://hl7.org/fhir/us/core/StructureDefinition/us-core-';
