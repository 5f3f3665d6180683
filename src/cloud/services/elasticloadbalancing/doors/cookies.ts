/** Stickiness: cookies that bring a client back to the group and to the target that it had. */
import { createHash } from 'node:crypto'
import type { Context } from '../../../kernel/context.ts'
import { attribute, httpGroupAttributes } from '../engine/attributes.ts'
import { type Action, type Target, type TargetGroup, targetKey, targets, targetsIn } from '../state.ts'

const GROUP = 'AWSALBTG'
const TARGET = 'AWSALB'
const APPLICATION = 'AWSALBAPP-0'

/** What a cookie says of a group or a target: nothing to anybody else. */
const opaque = (key: string): string => createHash('sha256').update(key).digest('base64url')

export function cookiesOf(header = ''): ReadonlyMap<string, string> {
  const pairs = header.split(';').map((pair) => {
    const mark = pair.indexOf('=')
    return [pair.slice(0, mark).trim(), pair.slice(mark + 1).trim()] as const
  })
  return new Map(pairs)
}

type Cookies = ReturnType<typeof cookiesOf>

const setCookie = ({ cloud }: Context, name: string, value: string, seconds: number): string =>
  `${name}=${value}; Expires=${new Date(cloud.clock.now() + seconds * 1000).toUTCString()}; Path=/`

/** Gives the group that a client had before, where the action keeps clients and still leads to it. */
export function groupOf({ ForwardConfig: config }: Action, cookies: Cookies): string | undefined {
  const given = cookies.get(GROUP)
  if (!config?.TargetGroupStickinessConfig?.Enabled || given === undefined) return undefined
  return config.TargetGroups?.find(({ TargetGroupArn = '' }) => opaque(TargetGroupArn) === given)
    ?.TargetGroupArn
}

/** Gives the cookies that are set with an answer for a group. AWS: a second one for requests of other origins. */
export function groupCookies(ctx: Context, { ForwardConfig: config }: Action, group: string): string[] {
  const { Enabled, DurationSeconds = 0 } = config?.TargetGroupStickinessConfig ?? {}
  if (!Enabled) return []
  const value = opaque(group)
  const other = `${setCookie(ctx, `${GROUP}CORS`, value, DurationSeconds)}; SameSite=None; Secure`
  return [setCookie(ctx, GROUP, value, DurationSeconds), other]
}

const of = ({ attributes }: TargetGroup, key: string): string =>
  attribute(httpGroupAttributes, attributes, key)

const isSticky = (group: TargetGroup): boolean =>
  group.type !== 'lambda' && of(group, 'stickiness.enabled') === 'true'

/** Gives the key of the target that a client had before, where the group keeps clients. */
export function stickyTarget(ctx: Context, group: TargetGroup, cookies: Cookies): string | undefined {
  if (!isSticky(group)) return undefined
  const given = cookies.get(of(group, 'stickiness.type') === 'app_cookie' ? APPLICATION : TARGET)
  if (given === undefined) return undefined
  const all = ctx.table(targets).where(targetsIn, group.arn)
  const found = all.find((target) => opaque(targetKey(target)) === given)
  return found && targetKey(found)
}

/**
 * Gives the cookies that are set with a target's answer. AWS: one of its own with every answer, or beside a cookie of the
 * application's where the target sets that.
 */
export function targetCookies(
  ctx: Context,
  group: TargetGroup,
  target: Target,
  setByTarget: readonly string[] = [],
): string[] {
  if (!isSticky(group)) return []
  const value = opaque(targetKey(target))
  if (of(group, 'stickiness.type') === 'app_cookie') {
    const name = of(group, 'stickiness.app_cookie.cookie_name')
    const seconds = Number(of(group, 'stickiness.app_cookie.duration_seconds'))
    const set = setByTarget.some((one) => one.startsWith(`${name}=`))
    return set ? [setCookie(ctx, APPLICATION, value, seconds)] : []
  }
  const seconds = Number(of(group, 'stickiness.lb_cookie.duration_seconds'))
  const other = `${setCookie(ctx, `${TARGET}CORS`, value, seconds)}; SameSite=None; Secure`
  return [setCookie(ctx, TARGET, value, seconds), other]
}
