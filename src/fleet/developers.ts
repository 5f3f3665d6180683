/** Developers who may run copies of pipelines in accounts of their own. */
import * as z from 'zod/mini'
import { type Environment, type EnvironmentAccount, FleetError, nearest } from '../model/index.ts'
import type { DataPath, FleetDocument } from './document.ts'
import { account, credentials } from './environment-schema.ts'
import { region } from './region-schema.ts'

export const developerSchema = z.strictObject({
  account: account.check(
    z.describe('account of this developer and of nobody else → role and stacks of the copies'),
  ),
  regions: z
    .optional(z.array(region).check(z.minLength(1)))
    .check(z.describe('regions that the copies deploy to; that of the hub without it')),
  ...credentials,
  pipelines: z
    .optional(z.array(z.string().check(z.minLength(1))).check(z.minLength(1)))
    .check(z.describe('pipelines that may be copied; all without it')),
})
export type DeveloperFile = z.output<typeof developerSchema>

/** Somebody who may run copies of pipelines. */
export interface FleetDeveloper extends Omit<EnvironmentAccount, 'environment'> {
  readonly regions: readonly string[]
  /** Keys of the pipelines that may be copied. */
  readonly pipelines: readonly string[]
}

interface Around {
  readonly hub: { readonly account: string; readonly region: string }
  readonly environments: readonly Environment[]
  readonly pipelines: readonly { readonly id: string; readonly key?: string }[]
  readonly document: FleetDocument
  readonly errors: FleetError[]
}

/** Gives the developers. An account that somebody else uses, and a pipeline that is not there, go to the errors. */
export function resolveDevelopers(
  files: Readonly<Record<string, DeveloperFile>>,
  { hub, environments, pipelines, document, errors }: Around,
): FleetDeveloper[] {
  const keys = [...new Set(pipelines.map(({ id, key }) => key ?? id))]
  const owners = new Map<string, string>([
    ...environments.flatMap(({ name, accounts }) =>
      accounts.map((one) => [one.account, `environment ${name}`] as const),
    ),
    [hub.account, 'the hub'],
  ])
  const complain = (path: DataPath, what: string, fix: string) =>
    errors.push(new FleetError(what, { location: document.locate(path), fix }))
  return Object.entries(files).map(([name, file]): FleetDeveloper => {
    const path = ['developers', name]
    const owner = owners.get(file.account)
    if (owner !== undefined)
      complain(
        [...path, 'account'],
        `the account of ${name} is that of ${owner}, whose stacks a copy would change`,
        `give ${name} an account of its own`,
      )
    owners.set(file.account, name)
    for (const [index, key] of (file.pipelines ?? []).entries())
      if (!keys.includes(key)) {
        const meant = nearest(key, keys)
        const fix = meant ? `write \`${meant}\`` : `use one of ${keys.join(', ')}`
        complain([...path, 'pipelines', index], `there is no pipeline \`${key}\``, fix)
      }
    const { account: own, regions = [hub.region], profile, role } = file
    return {
      name,
      account: own,
      regions,
      home: regions[0]!,
      ...(profile && { profile }),
      ...(role && { role }),
      pipelines: file.pipelines ?? keys,
    }
  })
}
