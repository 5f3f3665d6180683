/** Environments of the file → accounts, each with a name and a way to credentials. */
import { basename } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { type Environment, type EnvironmentAccount, FleetError, type Hub } from '../model/index.ts'
import type { DataPath, FleetDocument } from './document.ts'
import type { EnvironmentFile } from './environment-schema.ts'
import { type FleetLock, type LockedUnit, lockFile } from './lock.ts'
import { expandText } from './text.ts'

/** Gives the environments. What cannot be one goes to `errors`. */
export function resolveEnvironments(
  environments: Readonly<Record<string, EnvironmentFile>>,
  lock: FleetLock,
  document: FleetDocument,
  errors: FleetError[],
): Environment[] {
  return Object.entries(environments).map(([name, file]) => {
    const path = ['environments', name]
    const regions = Array.isArray(file.regions) ? file.regions : Object.keys(file.regions)
    const named =
      'organizationalUnit' in file
        ? lockedAccounts(name, file, lock.environments[name], document, errors)
        : accountsOf(name, file)
    const accounts = named.map(
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

type UnitFile = Extract<EnvironmentFile, { organizationalUnit: unknown }>

interface NamedAccount {
  readonly name: string
  readonly account: string
}

/** The accounts of a unit as the lock has them, without those that are left out. */
function lockedAccounts(
  name: string,
  file: UnitFile,
  locked: LockedUnit | undefined,
  document: FleetDocument,
  errors: FleetError[],
): readonly NamedAccount[] {
  const { organizationalUnit, accountTags, except = [] } = file
  const path = ['environments', name]
  const told = (key: string, index: readonly number[], what: string, fix: string) =>
    errors.push(new FleetError(what, { location: document.locate([...path, key, ...index]), fix }))
  if (
    locked?.organizationalUnit !== organizationalUnit ||
    !isDeepStrictEqual(locked.accountTags ?? {}, accountTags ?? {})
  ) {
    const where = basename(lockFile(document.file))
    told(
      'organizationalUnit',
      [],
      `${where} does not hold the accounts of ${organizationalUnit} for ${name}`,
      'run `crossdock sync`',
    )
    return []
  }
  const all = Object.entries(locked.accounts).map(([account, own]) => ({ name: own, account }))
  for (const [index, one] of except.entries())
    if (!all.some(({ name: own, account }) => own === one || account === one))
      told(
        'except',
        [index],
        `there is no account ${one} in ${organizationalUnit}`,
        'take it out, or run `crossdock sync` if it is new there',
      )
  const left = all.filter(({ name: own, account }) => !except.includes(own) && !except.includes(account))
  if (!left.length)
    told(
      'organizationalUnit',
      [],
      `no account is left in ${organizationalUnit} for ${name}`,
      'name another unit, or run `crossdock sync` after accounts came into it',
    )
  return left
}

function accountsOf(name: string, file: Exclude<EnvironmentFile, UnitFile>): readonly NamedAccount[] {
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
