/** A way into accounts that no fleet file lists: those named, and on the embedded cloud every other as well. */
import { FleetError } from '../model/index.ts'
import { Accounts, type AccountsOptions } from './accounts.ts'
import type { AccountReference } from './credentials.ts'

export type OpenAccounts = Pick<Accounts, 'client' | 'verify' | 'endpoint' | 'close'>

/**
 * On the embedded cloud every account can be reached, named or not.
 * Errors of `verify`: FleetError for accounts that can not, with what to name.
 */
export const openAccounts = (
  references: readonly AccountReference[],
  options: AccountsOptions = {},
): OpenAccounts => beyond(new Accounts(references, options), [], options)

/** Reaches further accounts beside those that are known: as `openAccounts`. Closing it closes all. */
export function beyond(
  named: Accounts,
  further: readonly AccountReference[],
  options: AccountsOptions = {},
): OpenAccounts {
  const others = new Map(
    further
      .filter(({ account }) => !named.knows(account))
      .map((one) => [one.account, new Accounts([one], options)]),
  )
  const leading = (account: string): Accounts => {
    if (named.knows(account)) return named
    const known = others.get(account)
    if (known) return known
    if (!named.endpoint || !/^\d{12}$/.test(account)) return named
    const other = new Accounts([{ name: account, account }], options)
    others.set(account, other)
    return other
  }
  return {
    endpoint: named.endpoint,
    client: (clientClass, target) => leading(target.account).client(clientClass, target),
    verify: async (target) => {
      const { account } = target
      const reached = leading(account)
      if (!reached.knows(account))
        throw new FleetError(`no credentials for account ${account} are known`, {
          fix: `name a profile: --account ${account}=<profile>`,
        })
      await reached.verify(target)
    },
    close: () => {
      for (const one of [named, ...others.values()]) one.close()
    },
  }
}
