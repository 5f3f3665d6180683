/** Environments of the file → accounts, each with a name and a way to credentials. */
import { type Environment, type EnvironmentAccount, FleetError, type Hub } from '../model/index.ts'
import type { DataPath, FleetDocument } from './document.ts'
import type { EnvironmentFile } from './environment-schema.ts'
import { expandText } from './text.ts'

/** Gives the environments. What cannot be one goes to `errors`. */
export function resolveEnvironments(
  environments: Readonly<Record<string, EnvironmentFile>>,
  document: FleetDocument,
  errors: FleetError[],
): Environment[] {
  return Object.entries(environments).map(([name, file]) => {
    const path = ['environments', name]
    const regions = Array.isArray(file.regions) ? file.regions : Object.keys(file.regions)
    const accounts = accountsOf(name, file).map(
      ({ name: own, account }): EnvironmentAccount => ({
        environment: name,
        name: own,
        account,
        home: regions[0]!,
        ...(file.profile && { profile: expandText(file.profile, { account }) }),
        ...(file.role && { role: expandText(file.role, { account }) }),
      }),
    )
    errors.push(...accountErrors(name, accounts, file, path, document))
    return { name, accounts, regions }
  })
}

/** Every account of a fleet, the hub first: by what name it is told, and how to get credentials for it. */
export const accountsOfFleet = ({
  hub,
  environments,
}: {
  readonly hub: Hub
  readonly environments: readonly Environment[]
}): (Hub & { readonly name: string })[] => [
  { ...hub, name: 'hub' },
  ...environments.flatMap(({ accounts }) => accounts.map(({ home, ...one }) => ({ ...one, region: home }))),
]

interface NamedAccount {
  readonly name: string
  readonly account: string
}

function accountsOf(name: string, file: EnvironmentFile): readonly NamedAccount[] {
  if ('account' in file) return [{ name, account: file.account }]
  if (Array.isArray(file.accounts)) return file.accounts.map((account) => ({ name: account, account }))
  return Object.entries(file.accounts).map(([own, account]) => ({ name: own, account }))
}

function accountErrors(
  name: string,
  accounts: readonly EnvironmentAccount[],
  file: EnvironmentFile,
  path: DataPath,
  document: FleetDocument,
): FleetError[] {
  const errors: FleetError[] = []
  const seen = new Set<string>()
  for (const { account } of accounts) {
    if (seen.has(account))
      errors.push(
        new FleetError(`environment \`${name}\` has the account ${account} twice`, {
          location: document.locate([...path, 'accounts']),
          fix: 'take one of them out',
        }),
      )
    seen.add(account)
  }
  for (const key of ['profile', 'role'] as const)
    if (seen.size > 1 && file[key] && !file[key].includes('${account}'))
      errors.push(
        new FleetError(
          `the ${key} of environment \`${name}\` leads to one account, and there are ${seen.size}`,
          { location: document.locate([...path, key]), fix: 'write ${account} into it' },
        ),
      )
  return errors
}
