import type { ResultFormat } from '../reading/result-format.ts';
import { artilleryReport } from './artillery.ts';
import { autocannonJson } from './autocannon.ts';
import { gatlingGlobalStats, gatlingLog, gatlingStats } from './gatling.ts';
import { heyCsv, heyText } from './hey.ts';
import { jmeterCsv } from './jmeter.ts';
import { jmeterXml } from './jmeter-xml.ts';
import { k6Csv, k6Points } from './k6-points.ts';
import { k6HandleSummary, k6MachineSummary, k6SummaryExport } from './k6-summary.ts';
import { locustCsv } from './locust.ts';
import { ohaCsv, ohaJson } from './oha.ts';
import { vegetaCsv, vegetaJson, vegetaReport } from './vegeta.ts';
import { wrkText } from './wrk.ts';

/** Every format of results that can be judged. */
export const resultFormats: readonly ResultFormat[] = [
  k6Points,
  k6Csv,
  k6SummaryExport,
  k6HandleSummary,
  k6MachineSummary,
  vegetaJson,
  vegetaCsv,
  vegetaReport,
  autocannonJson,
  artilleryReport,
  ohaJson,
  ohaCsv,
  wrkText,
  heyCsv,
  heyText,
  locustCsv,
  jmeterCsv,
  jmeterXml,
  gatlingLog,
  gatlingStats,
  gatlingGlobalStats,
];
