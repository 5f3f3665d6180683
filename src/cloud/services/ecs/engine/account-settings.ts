/** Account settings: what each stands at, and which values the embedded cloud carries out. */
import { type Arn, AwsError, rootArn } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { invalid } from '../kinds.ts'
import { type AccountSetting, accountSettings } from '../state.ts'

interface Known {
  /** Where nobody has set it. */
  readonly initial: string
  /** Values that are carried out. */
  readonly values: readonly string[]
  /** Values of AWS besides. */
  readonly refused?: readonly string[]
}

/** AWS: "Access Amazon ECS features with account settings". */
const SETTINGS: Readonly<Record<string, Known>> = {
  serviceLongArnFormat: { initial: 'enabled', values: ['enabled'], refused: ['disabled'] },
  taskLongArnFormat: { initial: 'enabled', values: ['enabled'], refused: ['disabled'] },
  containerInstanceLongArnFormat: { initial: 'enabled', values: ['enabled'], refused: ['disabled'] },
  awsvpcTrunking: { initial: 'disabled', values: ['disabled'], refused: ['enabled'] },
  containerInsights: { initial: 'disabled', values: ['enabled', 'disabled', 'enhanced'] },
  fargateFIPSMode: { initial: 'disabled', values: ['disabled'], refused: ['enabled'] },
  tagResourceAuthorization: { initial: 'on', values: ['on'], refused: ['off'] },
  fargateTaskRetirementWaitPeriod: { initial: '7', values: ['0', '7', '14'] },
  guardDutyActivate: { initial: 'off', values: [] },
  defaultLogDriverMode: { initial: 'non-blocking', values: ['non-blocking'], refused: ['blocking'] },
  fargateEventWindows: { initial: 'disabled', values: ['disabled'], refused: ['enabled'] },
}

export const settingNames: readonly string[] = Object.keys(SETTINGS)

/** Errors: InvalidParameterException, and UnsupportedParameter for what AWS takes and the embedded cloud does not do. */
export function checkSetting(name: string, value: string): void {
  const known = SETTINGS[name]
  if (known?.values.includes(value)) return
  if (known?.refused?.includes(value))
    throw new AwsError(
      'UnsupportedParameter',
      `The embedded cloud does not support the account setting ${name} with the value "${value}"; it is "${known.initial}".`,
      { status: 501 },
    )
  throw invalid(`The value "${value}" is not valid for the account setting ${name}.`)
}

const keyOf = (principal: Arn, name: string): string => `${principal} ${name}`

/** Gives what a principal has set by itself. */
export const ownSetting = (ctx: Context, principal: Arn, name: string): AccountSetting | undefined =>
  ctx.table(accountSettings).get(keyOf(principal, name))

/** Gives what holds for a principal. AWS: its own, else the account's, which is the root user's. */
export function effectiveSetting(ctx: Context, principal: Arn, name: string): AccountSetting {
  const root = rootArn(ctx.account)
  return (
    ownSetting(ctx, principal, name) ??
    ownSetting(ctx, root, name) ?? { name, principal: root, value: SETTINGS[name]!.initial }
  )
}

export function putSetting(ctx: Context, setting: AccountSetting): AccountSetting {
  ctx.table(accountSettings).put(keyOf(setting.principal, setting.name), setting)
  return setting
}

export const dropSetting = (ctx: Context, principal: Arn, name: string): void =>
  ctx.table(accountSettings).delete(keyOf(principal, name))
