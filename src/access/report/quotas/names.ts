/** Lengths of names. A name that fills its length is legal, so these never get tight. */
import type { Counted, Quota } from './quota.ts'

const lengthQuota = (
  id: string,
  what: string,
  limit: number,
  names: (landscape: Parameters<Quota['count']>[0]) => Counted[],
): Quota => ({
  id: `quota-name-of-${id}`,
  summary: `Characters of the name of a ${what}.`,
  limit,
  unit: 'characters',
  relief: 'give it a shorter name',
  count: (landscape) => names(landscape).filter(({ used }) => used > limit),
})

export const nameQuotas: readonly Quota[] = [
  lengthQuota('role', 'role', 64, ({ roles, standIns }) =>
    [...roles.values()].map(({ name, origin }) => ({
      subject: `the role name ${name}`,
      used: standIns.shortest(name).length,
      origin,
    })),
  ),
  lengthQuota('bucket', 'bucket', 63, ({ buckets, standIns }) =>
    [...buckets.values()].map(({ name, origin }) => ({
      subject: `the bucket name ${name}`,
      used: standIns.shortest(name).length,
      origin,
    })),
  ),
  lengthQuota('pipeline', 'pipeline', 100, ({ pipelines, standIns }) =>
    pipelines.map(({ declaration: { name }, origin }) => ({
      subject: `the pipeline name ${name}`,
      used: standIns.shortest(name).length,
      origin,
    })),
  ),
  lengthQuota('stack', 'stack', 128, ({ templates }) =>
    templates.map(({ stack, target }) => ({
      subject: `the stack name ${stack}`,
      used: stack.length,
      origin: { ...target, stack },
    })),
  ),
]
