/** cloudwatch:PutMetricData. */
import type { Input } from '../../../kernel/api.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { metricOf, putPoint } from '../engine/points.ts'
import { invalidCombination, invalidValue, missing, tooMany } from '../engine/refuse.ts'
import type { Point } from '../state.ts'

type Datum = NonNullable<Input<'cloudwatch', 'PutMetricData'>['MetricData']>[number]

/** AWS: metrics in one request, dimensions of a metric, values of a datum. */
const LIMITS = { metrics: 1000, dimensions: 30, values: 150 }
const DAY = 86_400_000
/** AWS: how far a time may lie back and ahead. */
const OLDEST = 14 * DAY
const NEWEST = 2 * 3_600_000

/** AWS: the permission can be limited by cloudwatch:namespace; namespaces of AWS's own are for its services. */
export const PutMetricData = operation({
  service: 'cloudwatch',
  name: 'PutMetricData',
  access: (input) => [
    {
      action: 'cloudwatch:PutMetricData',
      resource: '*',
      context: { 'cloudwatch:namespace': input.Namespace ?? '' },
    },
  ],
  run: (input, ctx) => {
    refuseUnsupported(input, ['EntityMetricData', 'StrictEntityValidation'])
    const { Namespace = '', MetricData = [] } = input
    if (/^AWS\//.test(Namespace)) throw invalidValue('The value AWS/ for parameter Namespace is invalid.')
    if (!MetricData.length) throw missing('The parameter MetricData is required.')
    if (MetricData.length > LIMITS.metrics)
      throw tooMany(`The collection MetricData must not have a size greater than ${LIMITS.metrics}.`)
    const points = MetricData.map((datum) => pointOf(ctx, datum))
    for (const [index, { MetricName = '', Dimensions }] of MetricData.entries())
      putPoint(ctx, metricOf(Namespace, MetricName, Dimensions), points[index]!)
    return {}
  },
})

/** Errors: InvalidParameterValue, InvalidParameterCombination, MissingParameter. */
function pointOf({ cloud }: Context, datum: Datum): Point {
  const { Timestamp, StorageResolution = 60, Dimensions = [], Unit: unit = 'None' } = datum
  if (Dimensions.length > LIMITS.dimensions)
    throw invalidValue(`The collection Dimensions must not have a size greater than ${LIMITS.dimensions}.`)
  if (StorageResolution !== 1 && StorageResolution !== 60)
    throw invalidValue('The value for parameter StorageResolution must be 1 or 60.')
  const now = cloud.clock.now()
  const time = Timestamp?.getTime() ?? now
  if (time < now - OLDEST || time > now + NEWEST)
    throw invalidValue(
      `The parameter Timestamp must be a valid timestamp between two weeks in the past and two hours in the future.`,
    )
  const step = StorageResolution * 1000
  return { at: Math.floor(time / step) * step, unit, ...sums(datum) }
}

function sums({ Value, Values, Counts, StatisticValues }: Datum): Omit<Point, 'at' | 'unit'> {
  const given = [Value, Values, StatisticValues].filter((one) => one !== undefined)
  if (given.length > 1)
    throw invalidCombination('The parameters Value, Values and StatisticValues are mutually exclusive.')
  if (!given.length)
    throw missing('At least one of the parameters Value, Values or StatisticValues is required.')
  if (StatisticValues) {
    const { SampleCount: count = 0, Sum: sum = 0, Minimum: min = 0, Maximum: max = 0 } = StatisticValues
    for (const one of [count, sum, min, max]) checkNumber(one)
    return { count, sum, min, max }
  }
  const list = Values ?? [Value!]
  if (list.length > LIMITS.values || (Counts && Counts.length !== list.length))
    throw invalidValue(`Values takes at most ${LIMITS.values} entries, and Counts as many as Values.`)
  for (const one of [...list, ...(Counts ?? [])]) checkNumber(one)
  const values: Record<string, number> = {}
  let [count, sum] = [0, 0]
  for (const [index, value] of list.entries()) {
    const times = Counts?.[index] ?? 1
    values[String(value)] = (values[String(value)] ?? 0) + times
    count += times
    sum += value * times
  }
  return { count, sum, min: Math.min(...list), max: Math.max(...list), values }
}

function checkNumber(value: number): void {
  if (!Number.isFinite(value)) throw invalidValue(`The value ${value} for parameter Value is invalid.`)
}
