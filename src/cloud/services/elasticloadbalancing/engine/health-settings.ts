/** The health check of a target group: what is taken, and what holds where nothing is said. */
import type { Input } from '../../../kernel/api.ts'
import type { HealthCheck, TargetGroup } from '../state.ts'
import { badConfiguration, invalid } from './refuse.ts'

type Given = Pick<
  Input<'elasticloadbalancing', 'CreateTargetGroup'>,
  | 'HealthCheckProtocol'
  | 'HealthCheckPort'
  | 'HealthCheckEnabled'
  | 'HealthCheckPath'
  | 'HealthCheckIntervalSeconds'
  | 'HealthCheckTimeoutSeconds'
  | 'HealthyThresholdCount'
  | 'UnhealthyThresholdCount'
  | 'Matcher'
>

type Of = Pick<TargetGroup, 'type' | 'protocol'>

export const isHttp = (protocol: string | undefined): boolean => protocol === 'HTTP' || protocol === 'HTTPS'

/** AWS: the defaults of CreateTargetGroup. */
function usual({ type, protocol }: Of): HealthCheck {
  if (type === 'lambda')
    return {
      enabled: false,
      protocol: 'HTTP',
      port: 'traffic-port',
      path: '/',
      interval: 35,
      timeout: 30,
      healthyThreshold: 5,
      unhealthyThreshold: 2,
      matcher: '200',
    }
  const common = {
    enabled: true,
    port: 'traffic-port',
    interval: 30,
    healthyThreshold: 5,
    unhealthyThreshold: 2,
  }
  return isHttp(protocol)
    ? { ...common, protocol: 'HTTP', path: '/', timeout: 5, matcher: '200' }
    : { ...common, protocol: 'TCP', timeout: 10 }
}

/** Gives the check as it is from now on. Errors: ValidationError, InvalidConfigurationRequest. */
export function checkedHealth(group: Of, given: Given, now: HealthCheck = usual(group)): HealthCheck {
  const protocol = given.HealthCheckProtocol ?? now.protocol
  const http = isHttp(protocol)
  if (!http && protocol !== 'TCP')
    throw badConfiguration(`Health check protocol '${protocol}' must be one of '[HTTP, TCP, HTTPS]'`)
  if (!http && isHttp(group.protocol))
    throw badConfiguration(
      "Health check protocol 'TCP' is not supported for target groups with HTTP protocol",
    )
  if (!http && (given.HealthCheckPath !== undefined || given.Matcher !== undefined))
    throw badConfiguration(`You cannot specify a health check path or matcher for the protocol ${protocol}`)
  if (given.Matcher?.GrpcCode !== undefined)
    throw badConfiguration('You cannot specify a GrpcCode for a target group that is not of the version GRPC')
  const check: HealthCheck = {
    enabled: given.HealthCheckEnabled ?? now.enabled,
    protocol,
    port: given.HealthCheckPort ?? now.port,
    path: http ? (given.HealthCheckPath ?? now.path ?? '/') : undefined,
    interval: given.HealthCheckIntervalSeconds ?? now.interval,
    timeout: given.HealthCheckTimeoutSeconds ?? now.timeout,
    healthyThreshold: given.HealthyThresholdCount ?? now.healthyThreshold,
    unhealthyThreshold: given.UnhealthyThresholdCount ?? now.unhealthyThreshold,
    matcher: http ? (given.Matcher?.HttpCode ?? now.matcher ?? '200') : undefined,
  }
  checkValues(check, group)
  return check
}

function checkValues({ port, path, interval, timeout, matcher, enabled }: HealthCheck, { type }: Of): void {
  if (port !== 'traffic-port' && !(/^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535))
    throw invalid(`Health check port '${port}' must be 'traffic-port' or a number from 1 to 65535`)
  if (path !== undefined && !path.startsWith('/'))
    throw invalid(`Health check path '${path}' must begin with a '/' character`)
  if (timeout >= interval) throw invalid(`Health check interval must be greater than the timeout`)
  if (matcher !== undefined && !codesOf(matcher))
    throw invalid(`HTTP matcher '${matcher}' must be a list of codes from 200 to 499, or a range of them`)
  if (!enabled && type !== 'lambda')
    throw invalid(`Health check enabled must be true for target groups with target type ${type}`)
}

/** Gives what tells whether a code is one of those; undefined for a matcher that is none. AWS: from 200 to 499. */
export function codesOf(matcher: string): ((code: number) => boolean) | undefined {
  const ranges = matcher.split(',').map((part) => /^(\d{3})(?:-(\d{3}))?$/.exec(part.trim()))
  const pairs = ranges.map(
    (found) => [Number(found?.[1] ?? 0), Number(found?.[2] ?? found?.[1] ?? 0)] as const,
  )
  if (pairs.some(([from, to]) => from < 200 || to > 499 || from > to)) return undefined
  return (code) => pairs.some(([from, to]) => code >= from && code <= to)
}
