/** The elements of CDC's AntigenSupportingData.xsd and ScheduleSupportingData.xsd (4.6x), as shapes. */
import type { Shape } from './read-xml.ts';

const texts = (...names: readonly string[]): Shape => Object.fromEntries(names.map((name) => [name, {}]));

const inForce = texts('effectiveDate', 'cessationDate');
const ageRange = texts('beginAge', 'endAge');
const vaccine = { ...texts('vaccineType', 'cvx'), ...ageRange };
const contraindication = texts(
  'observationCode',
  'observationTitle',
  'contraindicationText',
  'contraindicationGuidance',
);

const condition: Shape = {
  ...texts('conditionID', 'conditionType', 'startDate', 'endDate', 'interval', 'doseCount', 'doseType'),
  ...texts('doseCountLogic', 'vaccineTypes', 'seriesGroups'),
  ...ageRange,
};

const seriesDose: Shape = {
  ...texts('doseNumber', 'recurringDose'),
  age: { ...texts('absMinAge', 'minAge', 'earliestRecAge', 'latestRecAge', 'maxAge'), ...inForce },
  interval: {
    ...texts('fromPrevious', 'fromTargetDose', 'fromMostRecent'),
    fromRelevantObs: texts('text', 'code'),
    ...texts('absMinInt', 'minInt', 'earliestRecInt', 'latestRecInt', 'intervalPriority'),
    ...inForce,
  },
  allowableInterval: { ...texts('fromPrevious', 'fromTargetDose', 'absMinInt'), ...inForce },
  preferableVaccine: { ...vaccine, ...texts('tradeName', 'mvx', 'volume', 'forecastVaccineType') },
  allowableVaccine: vaccine,
  inadvertentVaccine: texts('vaccineType', 'cvx'),
  conditionalSkip: {
    ...texts('context', 'setLogic'),
    set: { ...texts('setID', 'setDescription', 'conditionLogic'), ...inForce, condition },
  },
  seasonalRecommendation: texts('startDate', 'endDate'),
};

const series: Shape = {
  ...texts('seriesName', 'targetDisease', 'vaccineGroup', 'seriesAdminGuidance', 'seriesType'),
  ...texts('equivalentSeriesGroups', 'requiredGender'),
  selectSeries: {
    ...texts('defaultSeries', 'productPath', 'seriesGroupName', 'seriesGroup', 'seriesPriority'),
    ...texts('seriesPreference', 'minAgeToStart', 'maxAgeToStart'),
  },
  indication: { observationCode: texts('text', 'code'), ...texts('description', 'guidance'), ...ageRange },
  seriesDose,
};

export const ANTIGEN_SHAPE: Shape = {
  immunity: {
    clinicalHistory: texts('guidelineCode', 'guidelineTitle'),
    dateOfBirth: {
      ...texts('immunityBirthDate', 'birthCountry'),
      exclusion: texts('exclusionCode', 'exclusionTitle'),
    },
  },
  contraindications: {
    vaccineGroup: { contraindication: { ...contraindication, ...ageRange } },
    vaccine: { contraindication: { ...contraindication, contraindicatedVaccine: vaccine } },
  },
  series,
};

const vaccineType = texts('vaccineType', 'cvx');

export const SCHEDULE_SHAPE: Shape = {
  liveVirusConflicts: {
    liveVirusConflict: {
      previous: vaccineType,
      current: vaccineType,
      ...texts('conflictBeginInterval', 'minConflictEndInterval', 'conflictEndInterval'),
    },
  },
  vaccineGroups: { vaccineGroup: texts('name', 'administerFullVaccineGroup') },
  vaccineGroupToAntigenMap: { vaccineGroupMap: texts('name', 'antigen') },
  cvxToAntigenMap: {
    cvxMap: {
      ...texts('cvx', 'shortDescription'),
      association: texts('antigen', 'associationBeginAge', 'associationEndAge'),
    },
  },
  observations: {
    observation: {
      ...texts('observationCode', 'observationTitle', 'group', 'indicationText', 'contraindicationText'),
      ...texts('clarifyingText'),
      codedValues: { codedValue: texts('code', 'codeSystem', 'text') },
    },
  },
};
