/** What services of AWS put into metrics; nobody outside can. */
import { operation } from '../../../kernel/operation.ts'
import { metricOf, putPoint } from '../engine/points.ts'

const MINUTE = 60_000

/** AWS: services need no permission of the account's for their metrics, which have the resolution of a minute. */
export const PutServiceMetricData = operation({
  service: 'cloudwatch',
  name: 'PutServiceMetricData',
  access: () => [],
  run: ({ namespace, dimensions, data }, ctx) => {
    const at = Math.floor(ctx.cloud.clock.now() / MINUTE) * MINUTE
    for (const { name, value, unit } of data)
      putPoint(ctx, metricOf(namespace, name, dimensions), {
        at,
        unit,
        count: 1,
        sum: value,
        min: value,
        max: value,
        values: { [String(value)]: 1 },
      })
    return {}
  },
})
