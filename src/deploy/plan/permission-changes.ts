/** Which permissions a change of a template gives and takes, in words. */
import { type Permission, permissionKey, permissionsOf } from './permissions.ts'
import type { Version } from './resource-changes.ts'

export interface PermissionChange extends Pick<Permission, 'subject' | 'kind' | 'effect' | 'principal'> {
  readonly change: 'gained' | 'lost'
  readonly actions: readonly string[]
  /** Empty in policies of resources, which speak of the resource itself. */
  readonly resources: readonly string[]
  /** The conditions, as text; empty without any. */
  readonly when: string
  /** Whether the resource that has the policy comes or goes with it. */
  readonly withSubject: boolean
}

/** Gives the changes; what is said the same of several calls or resources is said once. */
export function permissionChanges(before: Version, after: Version): PermissionChange[] {
  const [was, is] = [permissionsOf(before), permissionsOf(after)]
  const [had, has] = [was, is].map((all) => new Set(all.map(permissionKey)))
  const isThere = ({ template }: Version, { id }: Permission) => Object.hasOwn(template.Resources, id)
  return [
    ...grouped(
      is.filter((one) => !had!.has(permissionKey(one))),
      'gained',
      (one) => !isThere(before, one),
    ),
    ...grouped(
      was.filter((one) => !has!.has(permissionKey(one))),
      'lost',
      (one) => !isThere(after, one),
    ),
  ]
}

function grouped(
  all: readonly Permission[],
  change: PermissionChange['change'],
  withSubject: (one: Permission) => boolean,
): PermissionChange[] {
  const byResource = groupBy(all, (one) =>
    JSON.stringify([
      one.subject,
      one.kind,
      one.effect,
      one.principal,
      one.when,
      one.resource,
      withSubject(one),
    ]),
  ).map((some) => ({ one: some[0]!, actions: distinct(some.map(({ action }) => action)) }))
  return groupBy(byResource, ({ one, actions }) =>
    JSON.stringify([one.subject, one.kind, one.effect, one.principal, one.when, actions, withSubject(one)]),
  ).map((some): PermissionChange => {
    const { one, actions } = some[0]!
    const { subject, kind, effect, principal, when } = one
    const resources = distinct(some.flatMap(({ one: { resource } }) => (resource ? [resource] : [])))
    return {
      ...{ change, subject, kind, effect, actions, resources, when, withSubject: withSubject(one) },
      ...(principal !== undefined && { principal }),
    }
  })
}

const distinct = (texts: readonly string[]): string[] => [...new Set(texts)].sort()

function groupBy<T>(all: readonly T[], keyOf: (one: T) => string): T[][] {
  const groups = new Map<string, T[]>()
  for (const one of all) {
    const key = keyOf(one)
    const known = groups.get(key)
    if (known) known.push(one)
    else groups.set(key, [one])
  }
  return [...groups.values()]
}

/** `the role crossdock-acme-web-deploy may now s3:GetObject on arn:aws:s3:::artifacts/*, if …`. */
export function permissionWords(one: PermissionChange): string {
  const { change, subject, kind, effect, principal, actions, resources, when } = one
  const gained = change === 'gained'
  const calls = `${actions.join(', ')}${resources.length ? ` on ${resources.join(', ')}` : ''}`
  const condition = when ? `, if ${when}` : ''
  const verb = {
    identity:
      effect === 'Allow'
        ? `${gained ? 'may now' : 'may no longer'} ${calls}`
        : `is ${gained ? 'now' : 'no longer'} denied ${calls}`,
    trust:
      effect === 'Allow'
        ? `${gained ? 'may now' : 'may no longer'} be assumed by ${principal}${onlyAssume(actions)}`
        : `${gained ? 'now' : 'no longer'} denies ${principal} ${calls}`,
    resource: `${gained ? 'now' : 'no longer'} ${effect === 'Allow' ? 'lets' : 'denies'} ${principal} ${calls}`,
  }[kind]
  return `${subject} ${verb}${condition}`
}

const onlyAssume = (actions: readonly string[]): string =>
  actions.every((one) => one === 'sts:AssumeRole') ? '' : ` (${actions.join(', ')})`
