/** The regions of AWS, and how surely a name is none of them. */
import { nearest } from './nearest.ts'
import { type RegionFacts, recorded } from './regions.gen.ts'

export type { RegionFacts }

/** The month of the list: a region that is not in it may be younger. */
export const REGIONS_OF = '2026-05'

/** By name: `eu-west-1`. */
export const REGIONS: ReadonlyMap<string, RegionFacts> = new Map(Object.entries(recorded))

const FORM = /^[a-z]{2}(-gov)?-(north|south|central|(north|south)?(east|west))-(\d)$/
/** Regions of partitions that publish nothing: `us-iso-east-1`. */
const ISOLATED = /^(us|eu)-iso[a-z]?-[a-z]+-\d$/
const CONTINENTS = new Set([...REGIONS.keys()].map((name) => name.slice(0, 2)))

export interface RegionDoubt {
  /** `young` may be a region younger than the list, or one that publishes nothing; `none` can be none. */
  readonly kind: 'young' | 'none'
  /** The region that may be meant. */
  readonly meant?: string
}

/**
 * Gives the doubt about a name that is not in the list. AWS names regions by continent and point of the compass and numbers
 * them from 1, so one that is numbered by more than one beyond the last known one is none.
 */
export function regionDoubt(name: string): RegionDoubt | undefined {
  if (REGIONS.has(name)) return undefined
  const meant = nearest(name, REGIONS.keys(), 2)
  return { kind: ISOLATED.test(name) || mayCome(name) ? 'young' : 'none', ...(meant && { meant }) }
}

function mayCome(name: string): boolean {
  const number = Number(FORM.exec(name)?.at(-1))
  if (!CONTINENTS.has(name.slice(0, 2)) || Number.isNaN(number)) return false
  return number === 1 || REGIONS.has(`${name.slice(0, -1)}${number - 1}`)
}
