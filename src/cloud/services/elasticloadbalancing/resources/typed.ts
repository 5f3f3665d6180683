/** Properties as operations take them: templates may give numbers and truth values as text, and texts as numbers. */
import type { Properties } from '../../../kernel/resource-type.ts'

const isTrue = (value: unknown): boolean => String(value) === 'true'

/** Gives the properties that are there, each made what it is to be. */
export function typed(
  given: Properties,
  as: Readonly<Record<string, 'text' | 'number' | 'flag' | ((value: never) => unknown)>>,
): Properties {
  const made: Properties = {}
  for (const [name, type] of Object.entries(as)) {
    const value = given[name]
    if (value === undefined) continue
    if (typeof type === 'function') made[name] = type(value as never)
    else made[name] = type === 'text' ? String(value) : type === 'number' ? Number(value) : isTrue(value)
  }
  return made
}

/** Attributes of load balancers, target groups and listeners. */
export const attributesOf = (given: readonly Properties[] = []): { Key: string; Value: string }[] =>
  given.map(({ Key, Value }) => ({ Key: String(Key), Value: String(Value ?? '') }))

const shareOf = (group: Properties) => typed(group, { TargetGroupArn: 'text', Weight: 'number' })

/** Actions of listeners and rules; what the embedded cloud does not carry out is given on, and refused by name. */
export const actionsOf = (given: readonly Properties[] = []): never =>
  given.map((action) => ({
    ...action,
    ...typed(action, {
      Order: 'number',
      ForwardConfig: (config: Properties) =>
        typed(config, {
          TargetGroups: (groups: Properties[]) => groups.map(shareOf),
          TargetGroupStickinessConfig: (stickiness: Properties) =>
            typed(stickiness, { Enabled: 'flag', DurationSeconds: 'number' }),
        }),
      RedirectConfig: (config: Properties) => ({ ...config, ...typed(config, { Port: 'text' }) }),
      FixedResponseConfig: (config: Properties) => ({ ...config, ...typed(config, { StatusCode: 'text' }) }),
    }),
  })) as never
