import type { Random } from './random.ts';

const FIRST =
  'Ada Amara Anika Carlos Chen Dalia Diego Elif Emeka Fatima Freya Grace Hana Henrik Ines Ivan Jonas Kofi Laila Lars Leila Lucia Maya Mei Mateo Nadia Noor Olga Omar Priya Rafael Rosa Samir Sofia Tariq Teresa Viktor Wanjiru Yuki Zara'.split(
    ' ',
  );

const LAST =
  'Abe Adeyemi Andersson Becker Bianchi Castro Dubois Eriksen Farah Fischer Garcia Haddad Hansen Ito Jansen Kaya Khan Kowalski Larsen Lopez Mensah Moreau Mwangi Nakamura Nguyen Novak Okafor Olsen Park Patel Petrov Rossi Sato Silva Singh Tanaka Torres Weber Yilmaz Zhou'.split(
    ' ',
  );

const AIMS = [
  'fund',
  'reform',
  'extend',
  'simplify',
  'protect',
  'modernize',
  'oversee',
  'regulate',
  'restore',
  'publish',
];

const SUBJECTS = [
  'public libraries',
  'rural bus lines',
  'school meals',
  'coastal fisheries',
  'railway stations',
  'water tariffs',
  'community clinics',
  'forest roads',
  'open public records',
  'apprenticeships',
  'flood defences',
  'night trains',
  'municipal archives',
  'small harbours',
  'cycle paths',
  'weather stations',
];

const PLACES = [
  'in the northern districts',
  'in the river valleys',
  'in coastal towns',
  'in small municipalities',
  'across the republic',
  'along the eastern border',
  'in the capital region',
  'on the outer islands',
];

const ACTORS = [
  'The ministry',
  'Each municipality',
  'The audit office',
  'A regional board',
  'The standing committee',
  'Every provider',
  'The harbour authority',
  'A panel of citizens',
];

const DUTIES = [
  'shall publish a yearly account of',
  'may set aside up to two percent of its budget for',
  'shall consult the residents before it decides on',
  'keeps a public register of',
  'shall answer within thirty days to requests about',
  'appoints an independent officer for',
  'reviews every four years the rules on',
  'shall bear half of the costs of',
];

const LIMITS = [
  'unless the assembly decides otherwise',
  'from the first day of the following year',
  'without prejudice to earlier agreements',
  'for a period of five years',
  'as far as the yearly budget allows',
  'after hearing the parties concerned',
];

/** A first and a last name, both plain ASCII. */
export function personName(random: Random): { readonly first: string; readonly last: string } {
  return { first: random.pick(FIRST), last: random.pick(LAST) };
}

/** Such as "An act to fund night trains in coastal towns". */
export function billTitle(random: Random): string {
  return `An act to ${random.pick(AIMS)} ${random.pick(SUBJECTS)} ${random.pick(PLACES)}`;
}

/** One clause of a bill, about 120 characters. */
export function sentence(random: Random): string {
  const duty = `${random.pick(ACTORS)} ${random.pick(DUTIES)} ${random.pick(SUBJECTS)}`;
  return `${duty} ${random.pick(PLACES)}, ${random.pick(LIMITS)}.`;
}

/** Several clauses in a row. */
export function paragraph(random: Random, sentences: number): string {
  return Array.from({ length: sentences }, () => sentence(random)).join(' ');
}
