/** iam:CreateAccountAlias, DeleteAccountAlias and ListAccountAliases: the one name that stands for an account at sign-in. */
import { AwsError } from '../../../../model/index.ts'
import { operation } from '../../../kernel/operation.ts'
import { page } from '../engine/page.ts'
import { tableOf } from '../engine/principals.ts'
import { accountAliases } from '../state.ts'

/** The key of an account's one record. */
const ONLY = 'alias'

/** AWS: aliases belong to no resource that a policy could name. */
const access = (name: string) => () => [{ action: `iam:${name}`, resource: '*' }]

/** AWS: no two accounts have the same; an account has one, which a new one replaces. Errors: EntityAlreadyExists. */
const CreateAccountAlias = operation({
  service: 'iam',
  name: 'CreateAccountAlias',
  access: access('CreateAccountAlias'),
  run: ({ AccountAlias: alias }, ctx) => {
    const held = ctx.cloud.store.everywhere(accountAliases)
    if (held.some(({ table }) => table.get(ONLY)?.alias === alias))
      throw new AwsError('EntityAlreadyExists', `The account alias ${alias} already exists.`, { status: 409 })
    tableOf(ctx, accountAliases).put(ONLY, { alias })
    return {}
  },
})

/** Errors: NoSuchEntity. */
const DeleteAccountAlias = operation({
  service: 'iam',
  name: 'DeleteAccountAlias',
  access: access('DeleteAccountAlias'),
  run: ({ AccountAlias: alias }, ctx) => {
    const table = tableOf(ctx, accountAliases)
    if (table.get(ONLY)?.alias !== alias)
      throw new AwsError('NoSuchEntity', `The account alias with name ${alias} cannot be found.`, {
        status: 404,
      })
    table.delete(ONLY)
    return {}
  },
})

const ListAccountAliases = operation({
  service: 'iam',
  name: 'ListAccountAliases',
  access: access('ListAccountAliases'),
  run: (input, ctx) => {
    const { items, rest } = page(input, tableOf(ctx, accountAliases).values())
    return { AccountAliases: items.map(({ alias }) => alias), ...rest }
  },
})

export const accountAliasOperations = [CreateAccountAlias, DeleteAccountAlias, ListAccountAliases]
