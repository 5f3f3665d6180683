/** AppSpec files: "AppSpec File reference" of CodeDeploy's user guide. */
import type { EcsSpec, Hooks, LambdaSpec, Platform } from '../state.ts'
import {
  AppSpecError,
  type Fields,
  field,
  fieldsOf,
  listOf,
  onlyFields,
  parseAppSpec,
  textField,
} from './app-spec-fields.ts'
import { HOOKS } from './lifecycle.ts'

/** Gives what an AppSpec file says for a compute platform. Errors: AppSpecError. */
export function readAppSpec(text: string, platform: Platform): LambdaSpec | EcsSpec {
  const top = parseAppSpec(text)
  onlyFields(top, ['version', 'Resources', 'Hooks'], 'The AppSpec file')
  const version = field(top, 'version')
  // YAML has a number there, of which the last zero is not told.
  if (Number(version) !== 0 || version === null || version === '')
    throw new AppSpecError('The version of the AppSpec file must be 0.0.')
  const resources = listOf(field(top, 'Resources'), 'Resources')
  // AWS: "The maximum number of targets … must have exactly one item" (DeploymentTargetListSizeExceededException).
  if (resources.length !== 1) throw new AppSpecError('Resources must have exactly one item.')
  const [entry, ...more] = Object.entries(fieldsOf(resources[0], 'The item of Resources'))
  if (!entry || more.length) throw new AppSpecError('The item of Resources must have exactly one name.')
  const [name, value] = entry
  const resource = fieldsOf(value, `The resource ${name}`)
  onlyFields(resource, ['Type', 'Properties'], `The resource ${name}`)
  const type = textField(resource, 'Type', `the resource ${name}`)
  if (type !== TYPES[platform])
    throw new AppSpecError(
      `The resource ${name} is of the type ${type}; ${TYPES[platform]} is deployed on ${platform}.`,
    )
  const properties = fieldsOf(field(resource, 'Properties'), `Properties of ${name}`)
  const hooks = readHooks(field(top, 'Hooks'), platform)
  return platform === 'Lambda' ? lambdaSpec(name, properties, hooks) : ecsSpec(name, properties, hooks)
}

const TYPES: Readonly<Record<Platform, string>> = {
  Lambda: 'AWS::Lambda::Function',
  ECS: 'AWS::ECS::Service',
}

/** AWS: a list of mappings, of which each has the name of a lifecycle event; each event stands once. */
function readHooks(value: unknown, platform: Platform): Hooks {
  const found = new Map<string, string>()
  for (const one of listOf(value, 'Hooks'))
    for (const [event, to] of Object.entries(fieldsOf(one, 'An item of Hooks'))) {
      const name = HOOKS[platform].find((known) => known.toLowerCase() === event.toLowerCase())
      if (!name)
        throw new AppSpecError(
          `There is no hook ${event} of ${platform} deployments; there are ${HOOKS[platform].join(', ')}.`,
        )
      if (found.has(name)) throw new AppSpecError(`The hook ${name} stands twice.`)
      if (typeof to !== 'string' || to === '') throw new AppSpecError(`The hook ${name} names no function.`)
      found.set(name, to)
    }
  return Object.fromEntries(found)
}

function lambdaSpec(target: string, properties: Fields, hooks: Hooks): LambdaSpec {
  const what = `the resource ${target}`
  onlyFields(properties, ['Name', 'Alias', 'CurrentVersion', 'TargetVersion'], what)
  return {
    platform: 'Lambda',
    target,
    function: textField(properties, 'Name', what),
    alias: textField(properties, 'Alias', what),
    current: textField(properties, 'CurrentVersion', what),
    version: textField(properties, 'TargetVersion', what),
    hooks,
  }
}

function ecsSpec(name: string, properties: Fields, hooks: Hooks): EcsSpec {
  const what = `the resource ${name}`
  onlyFields(properties, ECS_FIELDS, what)
  const balancer = fieldsOf(field(properties, 'LoadBalancerInfo'), `LoadBalancerInfo of ${what}`)
  onlyFields(balancer, ['ContainerName', 'ContainerPort'], `LoadBalancerInfo of ${what}`)
  const port = Number(textField(balancer, 'ContainerPort', `LoadBalancerInfo of ${what}`))
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new AppSpecError(`ContainerPort of ${what} is no port.`)
  const platformVersion = field(properties, 'PlatformVersion')
  return {
    platform: 'ECS',
    taskDefinition: textField(properties, 'TaskDefinition', what),
    container: textField(balancer, 'ContainerName', `LoadBalancerInfo of ${what}`),
    port,
    ...(platformVersion !== undefined && { platformVersion: textField(properties, 'PlatformVersion', what) }),
    network: network(properties, what),
    strategy: strategy(properties, what),
    hooks,
  }
}

const ECS_FIELDS = [
  'TaskDefinition',
  'LoadBalancerInfo',
  'PlatformVersion',
  'NetworkConfiguration',
  'CapacityProviderStrategy',
]

/** AWS: "All of the settings under AwsvpcConfiguration must be specified, or none." */
function network(properties: Fields, what: string): EcsSpec['network'] {
  const given = field(properties, 'NetworkConfiguration')
  if (given === undefined || given === null) return undefined
  const at = `AwsvpcConfiguration of ${what}`
  const vpc = fieldsOf(field(fieldsOf(given, `NetworkConfiguration of ${what}`), 'AwsvpcConfiguration'), at)
  onlyFields(vpc, ['Subnets', 'SecurityGroups', 'AssignPublicIp'], at)
  const texts = (name: string) => listOf(field(vpc, name), `${name} of ${what}`).map(String)
  const [subnets, securityGroups] = [texts('Subnets'), texts('SecurityGroups')]
  const assignPublicIp = textField(vpc, 'AssignPublicIp', at)
  if (!subnets.length || !securityGroups.length)
    throw new AppSpecError(`${at} must have Subnets, SecurityGroups and AssignPublicIp, or be left out.`)
  if (assignPublicIp !== 'ENABLED' && assignPublicIp !== 'DISABLED')
    throw new AppSpecError(`AssignPublicIp of ${what} must be ENABLED or DISABLED.`)
  return { awsvpcConfiguration: { subnets, securityGroups, assignPublicIp } }
}

function strategy(properties: Fields, what: string): EcsSpec['strategy'] {
  const given = field(properties, 'CapacityProviderStrategy')
  if (given === undefined || given === null) return undefined
  const at = `CapacityProviderStrategy of ${what}`
  return listOf(given, at).map((one) => {
    const item = fieldsOf(one, `An item of ${at}`)
    onlyFields(item, ['Base', 'CapacityProvider', 'Weight'], at)
    const number = (name: string) => {
      const value = field(item, name)
      return value === undefined ? undefined : Number(value)
    }
    return {
      capacityProvider: textField(item, 'CapacityProvider', at),
      base: number('Base'),
      weight: number('Weight'),
    }
  })
}
