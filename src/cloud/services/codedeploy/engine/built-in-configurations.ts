/** The deployment configurations that AWS has made: "Working with deployment configurations in CodeDeploy". */
import type { Configuration, Platform, RoutingConfiguration } from '../state.ts'

const allAtOnce: RoutingConfiguration = { type: 'AllAtOnce' }

const canary = (minutes: number): RoutingConfiguration => ({
  type: 'TimeBasedCanary',
  timeBasedCanary: { canaryPercentage: 10, canaryInterval: minutes },
})

const linear = (minutes: number): RoutingConfiguration => ({
  type: 'TimeBasedLinear',
  timeBasedLinear: { linearPercentage: 10, linearInterval: minutes },
})

/** AWS: one minute is written `1Minutes` of ECS and `1Minute` of Lambda. */
const ROUTINGS: Readonly<Record<Platform, Readonly<Record<string, RoutingConfiguration>>>> = {
  ECS: {
    ECSAllAtOnce: allAtOnce,
    ECSCanary10Percent5Minutes: canary(5),
    ECSCanary10Percent15Minutes: canary(15),
    ECSLinear10PercentEvery1Minutes: linear(1),
    ECSLinear10PercentEvery3Minutes: linear(3),
  },
  Lambda: {
    LambdaAllAtOnce: allAtOnce,
    LambdaCanary10Percent5Minutes: canary(5),
    LambdaCanary10Percent10Minutes: canary(10),
    LambdaCanary10Percent15Minutes: canary(15),
    LambdaCanary10Percent30Minutes: canary(30),
    LambdaLinear10PercentEvery1Minute: linear(1),
    LambdaLinear10PercentEvery2Minutes: linear(2),
    LambdaLinear10PercentEvery3Minutes: linear(3),
    LambdaLinear10PercentEvery10Minutes: linear(10),
  },
}

export const PREFIX = 'CodeDeployDefault.'

/** Those of instances, which are listed and which nothing here can be deployed by. */
export const OF_INSTANCES: readonly string[] = ['AllAtOnce', 'HalfAtATime', 'OneAtATime'].map(
  (name) => `${PREFIX}${name}`,
)

const builtIn: readonly Omit<Configuration, 'created'>[] = (['ECS', 'Lambda'] as const).flatMap((platform) =>
  Object.entries(ROUTINGS[platform]).map(([name, routing]) => ({
    name: `${PREFIX}${name}`,
    // AWS: these have ids too, which nobody can use.
    id: `${PREFIX}${name}`,
    platform,
    routing,
  })),
)

const byName = new Map(builtIn.map((one) => [one.name, { ...one, created: 0 }]))

/** Gives a configuration of AWS's; undefined for any other name. */
export const builtInConfiguration = (name: string): Configuration | undefined => byName.get(name)

export const builtInNames: readonly string[] = [...byName.keys(), ...OF_INSTANCES]

/** AWS: the configuration of a group that names none. */
export const defaultConfiguration = (platform: Platform): string => `${PREFIX}${platform}AllAtOnce`
