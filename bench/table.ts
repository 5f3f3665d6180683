/** Measurements as lines of one table: what, value, beside what, aim, whether it is met. */
import { type Aim, isMet, type Measurement } from './measurement.ts'

const WIDTHS = [44, 14, 40, 18, 4] as const

export const heading = (): string => line(['what', 'value', 'beside', 'aim', 'met', ''])

/** Gives the line of a measurement. */
export function rowOf(measurement: Measurement): string {
  const { name, value, unit, beside = [], aim, note = '' } = measurement
  const met = isMet(measurement)
  return line([
    name,
    `${format(value).padStart(8)} ${unit}`,
    beside.map((one) => `${ratio(value / one.value)} ${one.name} (${format(one.value)})`).join(', '),
    aim ? aimText(aim) : '',
    met === undefined ? '' : met ? 'yes' : 'NO',
    note,
  ])
}

function aimText({ atMost, atLeast, timesOf }: Aim): string {
  const bound = atMost === undefined ? `at least ${short(atLeast!)}` : `at most ${short(atMost)}`
  return timesOf === undefined ? bound : `${bound}x ${timesOf}`
}

const short = (value: number): string => String(Number(value.toPrecision(3)))

const line = (cells: readonly string[]): string =>
  cells
    .map((cell, index) => cell.padEnd(WIDTHS[index] ?? 0))
    .join(' ')
    .trimEnd()

const ratio = (value: number): string => (Number.isNaN(value) ? '-' : `${value.toFixed(value < 10 ? 2 : 0)}x`)

function format(value: number): string {
  if (Number.isNaN(value)) return '-'
  return value >= 100 ? value.toFixed(0) : value.toFixed(2)
}
