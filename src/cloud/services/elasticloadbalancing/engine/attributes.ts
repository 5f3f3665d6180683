/** Attributes of load balancers, target groups and listeners: which there are, what they take, and what is carried out. */
import { badConfiguration, invalid, unsupported } from './refuse.ts'

interface AttributeFacts {
  /** What it is until it is set; absent for one that is not listed until then. */
  readonly usual?: string
  readonly takes: RegExp
  /** The embedded cloud does not carry out any other value than the usual one. */
  readonly fixed?: true
}

export type AttributeTable = Readonly<Record<string, AttributeFacts>>

const SWITCH = /^(?:true|false)$/
const TEXT = /^.*$/
const seconds = (usual: string): AttributeFacts => ({ usual, takes: /^\d{1,6}$/ })
const off: AttributeFacts = { usual: 'false', takes: SWITCH }
const on: AttributeFacts = { usual: 'true', takes: SWITCH }
const neverOn: AttributeFacts = { ...off, fixed: true }
const text: AttributeFacts = { usual: '', takes: TEXT }

/** AWS: the attributes of an Application Load Balancer and their defaults (LoadBalancerAttribute). */
export const applicationAttributes: AttributeTable = {
  'access_logs.s3.enabled': neverOn,
  'access_logs.s3.bucket': text,
  'access_logs.s3.prefix': text,
  'connection_logs.s3.enabled': neverOn,
  'connection_logs.s3.bucket': text,
  'connection_logs.s3.prefix': text,
  'health_check_logs.s3.enabled': neverOn,
  'health_check_logs.s3.bucket': text,
  'health_check_logs.s3.prefix': text,
  'client_keep_alive.seconds': seconds('3600'),
  'deletion_protection.enabled': off,
  'idle_timeout.timeout_seconds': { usual: '60', takes: /^(?:[1-9]\d{0,2}|[1-3]\d{3}|4000)$/ },
  'ipv6.deny_all_igw_traffic': off,
  'load_balancing.cross_zone.enabled': { usual: 'true', takes: /^true$/ },
  'routing.http.desync_mitigation_mode': { usual: 'defensive', takes: /^(?:monitor|defensive|strictest)$/ },
  'routing.http.drop_invalid_header_fields.enabled': off,
  'routing.http.preserve_host_header.enabled': off,
  'routing.http.x_amzn_tls_version_and_cipher_suite.enabled': off,
  'routing.http.xff_client_port.enabled': off,
  'routing.http.xff_header_processing.mode': { usual: 'append', takes: /^(?:append|preserve|remove)$/ },
  'routing.http2.enabled': on,
  'waf.fail_open.enabled': off,
  'zonal_shift.config.enabled': off,
}

/** AWS: the attributes of a Network Load Balancer. */
export const networkAttributes: AttributeTable = {
  'access_logs.s3.enabled': neverOn,
  'access_logs.s3.bucket': text,
  'access_logs.s3.prefix': text,
  'deletion_protection.enabled': off,
  'ipv6.deny_all_igw_traffic': off,
  'load_balancing.cross_zone.enabled': off,
  'dns_record.client_routing_policy': {
    usual: 'any_availability_zone',
    takes: /^(?:any_availability_zone|availability_zone_affinity|partial_availability_zone_affinity)$/,
  },
  'secondary_ips.auto_assigned.per_subnet': { usual: '0', takes: /^[0-7]$/ },
  'zonal_shift.config.enabled': off,
}

const groupHealth: AttributeTable = {
  'target_group_health.dns_failover.minimum_healthy_targets.count': { usual: '1', takes: /^(?:off|\d+)$/ },
  'target_group_health.dns_failover.minimum_healthy_targets.percentage': {
    usual: 'off',
    takes: /^(?:off|\d+)$/,
  },
  'target_group_health.unhealthy_state_routing.minimum_healthy_targets.count': {
    usual: '1',
    takes: /^\d+$/,
    fixed: true,
  },
  'target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage': {
    usual: 'off',
    takes: /^(?:off|\d+)$/,
    fixed: true,
  },
}

const CROSS_ZONE: AttributeFacts = {
  usual: 'use_load_balancer_configuration',
  takes: /^(?:true|false|use_load_balancer_configuration)$/,
}

/** AWS: the attributes of a target group of addresses behind an Application Load Balancer. */
export const httpGroupAttributes: AttributeTable = {
  'deregistration_delay.timeout_seconds': {
    usual: '300',
    takes: /^(?:\d{1,3}|[12]\d{3}|3[0-5]\d{2}|3600)$/,
  },
  'load_balancing.algorithm.type': {
    usual: 'round_robin',
    takes: /^(?:round_robin|least_outstanding_requests|weighted_random)$/,
  },
  'load_balancing.algorithm.anomaly_mitigation': { usual: 'off', takes: /^(?:on|off)$/, fixed: true },
  'load_balancing.cross_zone.enabled': CROSS_ZONE,
  'slow_start.duration_seconds': { usual: '0', takes: /^\d{1,3}$/, fixed: true },
  'stickiness.enabled': off,
  'stickiness.type': { usual: 'lb_cookie', takes: /^(?:lb_cookie|app_cookie)$/ },
  'stickiness.lb_cookie.duration_seconds': seconds('86400'),
  'stickiness.app_cookie.cookie_name': text,
  'stickiness.app_cookie.duration_seconds': seconds('86400'),
  ...groupHealth,
}

export const functionGroupAttributes: AttributeTable = { 'lambda.multi_value_headers.enabled': off }

export const connectionGroupAttributes: AttributeTable = {
  'deregistration_delay.timeout_seconds': httpGroupAttributes['deregistration_delay.timeout_seconds']!,
  'deregistration_delay.connection_termination.enabled': off,
  'load_balancing.cross_zone.enabled': CROSS_ZONE,
  'preserve_client_ip.enabled': off,
  'proxy_protocol_v2.enabled': neverOn,
  'stickiness.enabled': off,
  'stickiness.type': { usual: 'source_ip', takes: /^source_ip$/ },
  'target_health_state.unhealthy.connection_termination.enabled': on,
  'target_health_state.unhealthy.draining_interval_seconds': seconds('0'),
  ...groupHealth,
}

/** AWS: headers that a listener adds to answers, by the attribute that gives the value (header modification). */
export const ANSWER_HEADERS: Readonly<Record<string, string>> = {
  'routing.http.response.strict_transport_security.header_value': 'strict-transport-security',
  'routing.http.response.access_control_allow_origin.header_value': 'access-control-allow-origin',
  'routing.http.response.access_control_allow_methods.header_value': 'access-control-allow-methods',
  'routing.http.response.access_control_allow_headers.header_value': 'access-control-allow-headers',
  'routing.http.response.access_control_allow_credentials.header_value': 'access-control-allow-credentials',
  'routing.http.response.access_control_expose_headers.header_value': 'access-control-expose-headers',
  'routing.http.response.access_control_max_age.header_value': 'access-control-max-age',
  'routing.http.response.content_security_policy.header_value': 'content-security-policy',
  'routing.http.response.x_content_type_options.header_value': 'x-content-type-options',
  'routing.http.response.x_frame_options.header_value': 'x-frame-options',
}

export const httpListenerAttributes: AttributeTable = {
  'routing.http.response.server.enabled': on,
  ...Object.fromEntries(
    Object.keys(ANSWER_HEADERS).map((key) => [key, { usual: '', takes: /^[ -~]{0,1024}$/ }]),
  ),
}

export const connectionListenerAttributes: AttributeTable = {
  'tcp.idle_timeout.seconds': { usual: '350', takes: /^\d{2,4}$/ },
}

type Given = readonly { readonly Key?: string; readonly Value?: string }[]
type Attributes = Readonly<Record<string, string>>

/** Gives the value in effect. */
export const attribute = (table: AttributeTable, set: Attributes, key: string): string =>
  set[key] ?? table[key]?.usual ?? ''

export const listed = (table: AttributeTable, set: Attributes): { Key: string; Value: string }[] =>
  Object.keys(table).map((Key) => ({ Key, Value: attribute(table, set, Key) }))

/** Gives the attributes with those that are given. Errors: InvalidConfigurationRequest, ValidationError, UnsupportedParameter. */
export function withAttributes(table: AttributeTable, set: Attributes, given: Given): Attributes {
  const next: Record<string, string> = { ...set }
  for (const { Key = '', Value = '' } of given) {
    const facts = Object.hasOwn(table, Key) ? table[Key] : undefined
    if (!facts) throw badConfiguration(`The following attributes are not supported: '${Key}'`)
    if (!facts.takes.test(Value)) throw invalid(`'${Value}' is not a valid value for the attribute '${Key}'`)
    if (facts.fixed && Value !== facts.usual)
      throw unsupported(`the attribute ${Key} with the value ${Value}`, `Leave it at "${facts.usual}".`)
    next[Key] = Value
  }
  return next
}
