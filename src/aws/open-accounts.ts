/** A way into accounts that no fleet file lists: those named, and on the embedded cloud every other as well. */
import { FleetError } from '../model/index.ts'
import { Accounts, type AccountsOptions } from './accounts.ts'
import type { AccountReference } from './credentials.ts'

export type OpenAccounts = Pick<Accounts, 'client' | 'verify' | 'endpoint' | 'close'>

/**
 * On the embedded cloud every account can be reached, named or not.
 * Errors of `verify`: FleetError for accounts that can not, with what to name.
 */
export function openAccounts(
  references: readonly AccountReference[],
  options: AccountsOptions = {},
): OpenAccounts {
  const named = new Accounts(references, options)
  const known = new Set(references.map(({ account }) => account))
  const others = new Map<string, Accounts>()
  const leading = (account: string): Accounts => {
    if (known.has(account) || !named.endpoint || !/^\d{12}$/.test(account)) return named
    const other = others.get(account) ?? new Accounts([{ name: account, account }], options)
    others.set(account, other)
    return other
  }
  return {
    endpoint: named.endpoint,
    client: (clientClass, target) => leading(target.account).client(clientClass, target),
    verify: async (target) => {
      if (!known.has(target.account) && !named.endpoint)
        throw new FleetError(`no credentials for account ${target.account} are known`, {
          fix: `name a profile: --account ${target.account}=<profile>`,
        })
      await leading(target.account).verify(target)
    },
    close: () => {
      for (const one of [named, ...others.values()]) one.close()
    },
  }
}
