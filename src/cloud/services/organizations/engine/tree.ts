/** The organization's tree: the root, its units and accounts, and the policies attached to each. */
import type { Clock } from '../../../kernel/clock.ts'
import type { Collection, Store, Table } from '../../../kernel/store.ts'
import {
  type ControlPolicyType,
  type MemberRecord,
  members,
  type PolicyRecord,
  policies,
  type RootRecord,
  roots,
  type TargetRecord,
  type UnitRecord,
  units,
} from '../state.ts'
import { fullAccessPolicies, policyTypes } from './policy-type.ts'

/** The part of unit ids that names their root. */
const ROOT_SUFFIX = 'dock'
export const ROOT_ID = `r-${ROOT_SUFFIX}`

export const isUnitId = (id: string): boolean => id.startsWith('ou-')
const isAccountId = (id: string): boolean => /^\d{12}$/.test(id)
/** Gives the id of a new unit. AWS: it carries the root's own characters. */
export const unitId = (random: string): string => `ou-${ROOT_SUFFIX}-${random}`

export interface TreeOptions {
  readonly store: Store
  readonly clock: Clock
  readonly managementAccount: string
  /** The accounts that exist; absent: every twelve-digit number does. */
  readonly accounts?: readonly string[]
  /** Told of every change. */
  readonly changed: () => void
}

/** What policies can be attached to, with what it is. */
export type Target =
  | { readonly kind: 'root'; readonly record: RootRecord }
  | { readonly kind: 'unit'; readonly record: UnitRecord }
  | { readonly kind: 'account'; readonly record: MemberRecord }

export interface Tree {
  root(): RootRecord
  /** Gives undefined for one that does not exist. */
  unit(id: string): UnitRecord | undefined
  account(id: string): MemberRecord | undefined
  target(id: string): Target | undefined
  units(): UnitRecord[]
  /** Those that are known: all that exist, or those that were used. */
  accounts(): MemberRecord[]
  readonly policies: Table<PolicyRecord>
  policy(id: string): PolicyRecord | undefined
  /** The parent's id; undefined for the root. */
  parentOf(target: Target): string | undefined
  /** The ids from the root down to the one given, both included. */
  path(id: string): string[]
  /** The ids of the policies of a type on a target; none where the type is not enabled. */
  attached(type: ControlPolicyType, target: TargetRecord): readonly string[]
  save(target: Target): void
  deleteUnit(id: string): void
}

/** Gives a target with other policies or tags. */
export const withChange = (
  target: Target,
  change: Partial<Pick<TargetRecord, 'attached' | 'tags'>>,
): Target => ({ kind: target.kind, record: { ...target.record, ...change } }) as Target

/** Gives the tree over the stored records. AWS: service control policies are enabled in a new organization. */
export function treeOf({ store, clock, managementAccount, accounts, changed }: TreeOptions): Tree {
  const table = <T>(kind: Collection<T>): Table<T> => announcing(store.of(kind), changed)
  const [rootTable, unitTable, memberTable] = [table(roots), table(units), table(members)]
  const policyTable = table(policies)
  const known = [...new Set([managementAccount, ...(accounts ?? [])])]
  const tree: Tree = {
    root: () =>
      rootTable.get(ROOT_ID) ?? {
        id: ROOT_ID,
        attached: {},
        tags: {},
        enabled: ['SERVICE_CONTROL_POLICY'],
        createdAt: clock.now(),
      },
    unit: (id) => unitTable.get(id),
    account: (id) => {
      const exists = isAccountId(id) && (accounts === undefined || known.includes(id))
      if (!exists) return undefined
      return memberTable.get(id) ?? newMember(id, tree.root().createdAt)
    },
    target: (id) => {
      if (id === ROOT_ID) return { kind: 'root', record: tree.root() }
      const unit = tree.unit(id)
      if (unit) return { kind: 'unit', record: unit }
      const account = tree.account(id)
      return account && { kind: 'account', record: account }
    },
    units: () => unitTable.values(),
    accounts: () => {
      const ids = new Set([...known, ...memberTable.values().map((one) => one.id)])
      return [...ids].map((id) => tree.account(id)).filter((one) => one !== undefined)
    },
    policies: policyTable,
    policy: (id) => fullAccessPolicies.find((one) => one.id === id) ?? policyTable.get(id),
    parentOf: (target) => (target.kind === 'root' ? undefined : target.record.parent),
    path: (id) => {
      const target = tree.target(id)
      const parent = target && tree.parentOf(target)
      return parent === undefined ? [id] : [...tree.path(parent), id]
    },
    attached: (type, { attached }) => {
      if (!tree.root().enabled.includes(type)) return []
      return attached[type] ?? [policyTypes[type].fullAccess.id]
    },
    save: ({ kind, record }) => {
      if (kind === 'root') rootTable.put(record.id, record)
      else if (kind === 'unit') unitTable.put(record.id, record)
      else memberTable.put(record.id, record)
    },
    deleteUnit: (id) => unitTable.delete(id),
  }
  return tree
}

/** Whether an id is that of the root or of a unit. */
export const isParent = (tree: Tree, id: string): boolean => !isAccountId(id) && tree.target(id) !== undefined

/** Gives an account as it joins: in the root, with nothing but AWS's own policies. */
export const newMember = (id: string, joinedAt: number): MemberRecord => ({
  id,
  parent: ROOT_ID,
  attached: {},
  tags: {},
  joinedAt,
})

/** Gives the table with every change announced. */
function announcing<T>(table: Table<T>, changed: () => void): Table<T> {
  return {
    ...table,
    put: (key, value) => {
      table.put(key, value)
      changed()
    },
    delete: (key) => {
      table.delete(key)
      changed()
    },
    get size() {
      return table.size
    },
  }
}
