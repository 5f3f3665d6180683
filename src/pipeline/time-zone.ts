/** Time zones as Java names them: which clock somebody means. */
import { entryOf } from '../model/index.ts'

/** A clock on a wall, told as milliseconds since 1970 as if it showed UTC. */
export interface Clock {
  /** What the clock shows at an instant. */
  at(instant: number): number
  /** The first instant from a given one on, at which the clock shows a time. */
  when(shown: number, from: number): number
}

/**
 * What an abbreviation stands for. Java: the short IDs of java.time.ZoneId, of which three are offsets; AWS warns that
 * some of them have several meanings.
 */
const ABBREVIATIONS: Readonly<Record<string, string>> = {
  ACT: 'Australia/Darwin',
  AET: 'Australia/Sydney',
  AGT: 'America/Argentina/Buenos_Aires',
  ART: 'Africa/Cairo',
  AST: 'America/Anchorage',
  BET: 'America/Sao_Paulo',
  BST: 'Asia/Dhaka',
  CAT: 'Africa/Harare',
  CNT: 'America/St_Johns',
  CST: 'America/Chicago',
  CTT: 'Asia/Shanghai',
  EAT: 'Africa/Addis_Ababa',
  ECT: 'Europe/Paris',
  IET: 'America/Indiana/Indianapolis',
  IST: 'Asia/Kolkata',
  JST: 'Asia/Tokyo',
  MIT: 'Pacific/Apia',
  NET: 'Asia/Yerevan',
  NST: 'Pacific/Auckland',
  PLT: 'Asia/Karachi',
  PNT: 'America/Phoenix',
  PRT: 'America/Puerto_Rico',
  PST: 'America/Los_Angeles',
  SST: 'Pacific/Guadalcanal',
  VST: 'Asia/Ho_Chi_Minh',
  EST: 'UTC-05:00',
  HST: 'UTC-10:00',
  MST: 'UTC-07:00',
}

const OFFSET = /^UTC(?:([+-])(\d{2}):(\d{2}))?$/
const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

/** Gives the clock of a zone: `Europe/Oslo`, `UTC+05:30`, `PST`; undefined where there is no such zone. */
export function clockOf(zone = 'UTC'): Clock | undefined {
  const name = entryOf(ABBREVIATIONS, zone) ?? zone
  const [, sign, hours, minutes] = OFFSET.exec(name) ?? []
  if (name === 'UTC') return fixed(0)
  if (sign) {
    const size = (Number(hours) * 60 + Number(minutes)) * MINUTE
    return size < DAY && Number(minutes) < 60 ? fixed(sign === '-' ? -size : size) : undefined
  }
  return named(name)
}

const fixed = (offset: number): Clock => ({
  at: (instant) => instant + offset,
  when: (shown) => shown - offset,
})

function named(timeZone: string): Clock | undefined {
  if (!/^[A-Za-z]{3,5}$|^[A-Za-z]+(?:[/_-][A-Za-z]+)+$/.test(timeZone)) return undefined
  let format: Intl.DateTimeFormat
  try {
    format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' })
  } catch {
    return undefined
  }
  const offsetAt = (instant: number): number => {
    const text = format.formatToParts(instant).find(({ type }) => type === 'timeZoneName')?.value ?? ''
    const [, sign, hours, minutes = '0'] = /^GMT(?:([+-])(\d{2}):?(\d{2})?)?/.exec(text) ?? []
    const size = (Number(hours ?? 0) * 60 + Number(minutes)) * MINUTE
    return sign === '-' ? -size : size
  }
  const at = (instant: number): number => instant + offsetAt(instant)
  return { at, when: (shown, from) => instantOf(shown, from, at, offsetAt) }
}

/** A time that the clock skips in spring comes when it would have; of one that it shows twice, the first that is left. */
function instantOf(
  shown: number,
  from: number,
  at: (instant: number) => number,
  offsetAt: (instant: number) => number,
): number {
  const offsets = [offsetAt(shown - DAY), offsetAt(shown + DAY)]
  const instants = offsets.map((offset) => shown - offset).sort((a, b) => a - b)
  const exact = instants.filter((one) => at(one) === shown)
  return Math.max(from, exact.find((one) => one >= from) ?? exact.at(-1) ?? instants.at(-1)!)
}
