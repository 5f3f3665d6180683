/** Accounts of organizational units, read from AWS Organizations. */
import type { Account, OrganizationalUnit, OrganizationsClient } from '@aws-sdk/client-organizations'
import type { OpenAccounts } from '../aws/index.ts'
import { FleetError, nearest, type SourceLocation, type Target } from '../model/index.ts'

export interface AskedUnit {
  /** A path from the root, or the id of a unit. */
  readonly organizationalUnit: string
  /** Tags that an account must have. */
  readonly accountTags?: Readonly<Record<string, string>>
  /** Where it is asked for, for errors. */
  readonly location?: SourceLocation
}

/**
 * Gives the names of the accounts in a unit and everywhere below it, by their ids.
 * AWS: only the management account and delegated administrators may read the tree, and only active accounts let anybody in.
 * Errors: FleetError where there is no such unit, and those of the account.
 */
export async function unitAccounts(
  accounts: Pick<OpenAccounts, 'client'>,
  management: Target,
  unit: AskedUnit,
): Promise<Record<string, string>> {
  const { OrganizationsClient } = await import('@aws-sdk/client-organizations')
  const reader = new TreeReader(await accounts.client(OrganizationsClient, management))
  const found = await reader.accountsOf(unit).catch((error: Error) => {
    if (!REFUSALS.includes(error.name)) throw error
    throw new FleetError(`account ${management.account} may not read the organization: ${error.message}`, {
      location: unit.location,
      fix: `name the management account in \`organization.management\`, with credentials that may ${ACTIONS}`,
    })
  })
  return Object.fromEntries(found.sort(([one], [other]) => (one < other ? -1 : 1)))
}

const REFUSALS = ['AccessDeniedException', 'AWSOrganizationsNotInUseException']
const ACTIONS =
  'organizations:ListRoots, ListOrganizationalUnitsForParent, ListAccountsForParent, DescribeOrganizationalUnit and ListTagsForResource'

class TreeReader {
  readonly #client: OrganizationsClient

  constructor(client: OrganizationsClient) {
    this.#client = client
  }

  /** Gives ids and names. */
  async accountsOf(unit: AskedUnit): Promise<[id: string, name: string][]> {
    const found: [string, string][] = []
    for (const { Id = '', Name = Id } of await this.accountsBelow(await this.find(unit)))
      if (await this.hasTags(Id, unit.accountTags)) found.push([Id, Name])
    return found
  }

  /** Gives the id of the unit: a path is followed by names. AWS: they are unique below one parent. */
  async find({ organizationalUnit, location }: AskedUnit): Promise<string> {
    if (!organizationalUnit.startsWith('/')) return this.#known(organizationalUnit, location)
    const { ListRootsCommand } = await import('@aws-sdk/client-organizations')
    const { Roots = [] } = await this.#client.send(new ListRootsCommand({}))
    let id = Roots[0]?.Id ?? ''
    let path = ''
    for (const name of organizationalUnit.split('/').filter(Boolean)) {
      const below = await this.#unitsIn(id)
      const unit = below.find((one) => one.Name === name)
      if (!unit) {
        const names = below.map((one) => one.Name ?? '')
        const meant = nearest(name, names)
        throw new FleetError(`there is no organizational unit \`${name}\` in ${path || '/'}`, {
          location,
          fix: meant
            ? `write \`${path}/${meant}\``
            : names.length
              ? `use one of ${names.join(', ')}`
              : 'name one that is there, or its id',
        })
      }
      id = unit.Id ?? ''
      path += `/${name}`
    }
    return id
  }

  async #known(id: string, location: SourceLocation | undefined): Promise<string> {
    const { DescribeOrganizationalUnitCommand, OrganizationalUnitNotFoundException } = await import(
      '@aws-sdk/client-organizations'
    )
    try {
      await this.#client.send(new DescribeOrganizationalUnitCommand({ OrganizationalUnitId: id }))
      return id
    } catch (error) {
      if (!(error instanceof OrganizationalUnitNotFoundException)) throw error
      throw new FleetError(`there is no organizational unit ${id}`, {
        location,
        fix: 'name one that is there, by its path or its id',
      })
    }
  }

  async accountsBelow(parent: string): Promise<Account[]> {
    const { paginateListAccountsForParent } = await import('@aws-sdk/client-organizations')
    const found: Account[] = []
    for await (const page of paginateListAccountsForParent({ client: this.#client }, { ParentId: parent }))
      found.push(...(page.Accounts ?? []).filter(isActive))
    for (const { Id = '' } of await this.#unitsIn(parent)) found.push(...(await this.accountsBelow(Id)))
    return found
  }

  async hasTags(account: string, wanted: AskedUnit['accountTags']): Promise<boolean> {
    if (!wanted) return true
    const { paginateListTagsForResource } = await import('@aws-sdk/client-organizations')
    const tags = new Map<string, string>()
    for await (const page of paginateListTagsForResource({ client: this.#client }, { ResourceId: account }))
      for (const { Key = '', Value = '' } of page.Tags ?? []) tags.set(Key, Value)
    return Object.entries(wanted).every(([key, value]) => tags.get(key) === value)
  }

  async #unitsIn(parent: string): Promise<OrganizationalUnit[]> {
    const { paginateListOrganizationalUnitsForParent } = await import('@aws-sdk/client-organizations')
    const found: OrganizationalUnit[] = []
    for await (const page of paginateListOrganizationalUnitsForParent(
      { client: this.#client },
      { ParentId: parent },
    ))
      found.push(...(page.OrganizationalUnits ?? []))
    return found
  }
}

/** AWS: `State` takes the place of `Status`, which goes in September 2026; whichever is told counts. */
const isActive = ({ State, Status }: Account): boolean => (State ?? Status) === 'ACTIVE'
