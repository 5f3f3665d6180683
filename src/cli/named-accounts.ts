/** Accounts that no fleet file lists, by the profiles named on the command line. */
import { type AccountReference, beyond, type OpenAccounts } from '../aws/index.ts'
import { type Invocation, UsageError } from './command.ts'
import { patienceOf, type Workspace } from './workspace.ts'

export const LEFT_ACCOUNT_OPTION = {
  flags: '--account <id=profile...>',
  description: 'AWS profile of an account that left the fleet file: 222222222222=old',
}

/** `--account 222222222222=profile`, as often as there are accounts. Errors: UsageError. */
export function namedAccounts({ options }: Pick<Invocation, 'options'>): AccountReference[] {
  const given = (options.account ?? []) as unknown as string[]
  return given.map((one) => {
    const [, account, profile] = /^(\d{12})=(.+)$/.exec(one) ?? []
    if (!account || !profile) throw new UsageError(`--account takes <account>=<profile>, not "${one}"`)
    return { name: profile, account, profile }
  })
}

/** The way into the fleet's accounts, and into those that left its file. Errors: UsageError. */
export const reachOf = (
  { accounts }: Pick<Workspace, 'accounts'>,
  invocation: Pick<Invocation, 'options' | 'terminal'>,
): OpenAccounts => beyond(accounts, namedAccounts(invocation), { patience: patienceOf(invocation.terminal) })
