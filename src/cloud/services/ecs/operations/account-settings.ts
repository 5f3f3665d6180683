/** PutAccountSetting, PutAccountSettingDefault, ListAccountSettings and DeleteAccountSetting. */
import { type Arn, rootArn } from '../../../../model/index.ts'
import type { Output } from '../../../kernel/api.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import {
  checkSetting,
  dropSetting,
  effectiveSetting,
  ownSetting,
  putSetting,
  settingNames,
} from '../engine/account-settings.ts'
import { invalid } from '../kinds.ts'
import type { AccountSetting } from '../state.ts'
import { badToken } from './tags.ts'

type Described = NonNullable<Output<'ecs', 'PutAccountSetting'>['setting']>

const describe = ({ name, value, principal }: AccountSetting): Described => ({
  name: name as NonNullable<Described['name']>,
  value,
  principalArn: principal,
  type: name === 'guardDutyActivate' ? 'aws_managed' : 'user',
})

const asking = (action: string, name?: string) => [
  {
    action: `ecs:${action}`,
    resource: '*',
    context: name === undefined ? undefined : { 'ecs:account-setting': name },
  },
]

/** AWS: the root user alone speaks for others. */
function principalOf(ctx: Context, named: Arn | undefined): Arn {
  const { kind, principalArn } = ctx.identity
  if (named === undefined || named === principalArn || kind === 'root') return named ?? principalArn
  throw invalid('You must be the root user or the principal itself to use principalArn.')
}

export const PutAccountSetting = operation({
  service: 'ecs',
  name: 'PutAccountSetting',
  access: ({ name }) => asking('PutAccountSetting', name),
  run: ({ name = '', value = '', principalArn }, ctx) => {
    checkSetting(name, value)
    return { setting: describe(putSetting(ctx, { name, value, principal: principalOf(ctx, principalArn) })) }
  },
})

/** AWS: it holds for whoever has set nothing. */
export const PutAccountSettingDefault = operation({
  service: 'ecs',
  name: 'PutAccountSettingDefault',
  access: ({ name }) => asking('PutAccountSettingDefault', name),
  run: ({ name = '', value = '' }, ctx) => {
    checkSetting(name, value)
    return { setting: describe(putSetting(ctx, { name, value, principal: rootArn(ctx.account) })) }
  },
})

export const DeleteAccountSetting = operation({
  service: 'ecs',
  name: 'DeleteAccountSetting',
  access: ({ name }) => asking('DeleteAccountSetting', name),
  run: ({ name = '', principalArn }, ctx) => {
    const principal = principalOf(ctx, principalArn)
    dropSetting(ctx, principal, name)
    return { setting: describe(effectiveSetting(ctx, principal, name)) }
  },
})

export const ListAccountSettings = operation({
  service: 'ecs',
  name: 'ListAccountSettings',
  access: ({ name }) => asking('ListAccountSettings', name),
  run: (input, ctx) => {
    const { name, value, principalArn, effectiveSettings = false, maxResults = 10, nextToken: token } = input
    if (value !== undefined && name === undefined)
      throw invalid('A setting name must be given to filter by a value.')
    const principal = principalOf(ctx, principalArn)
    const all = settingNames
      .filter((one) => name === undefined || one === name)
      .flatMap((one) =>
        effectiveSettings ? effectiveSetting(ctx, principal, one) : (ownSetting(ctx, principal, one) ?? []),
      )
      .filter((one) => value === undefined || one.value === value)
    const query = [name, value, principal, effectiveSettings]
    const page = paginate(all, { token, limit: maxResults || 10, query, error: badToken })
    return { settings: page.items.map(describe), nextToken: page.nextToken }
  },
})
