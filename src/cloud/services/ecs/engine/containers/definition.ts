/** What of a container's definition is carried out where containers run, and what is not. */
import type { TaskDefinition } from '../../state.ts'

type Definition = TaskDefinition['definition']
export type ContainerDefinition = NonNullable<Definition['containerDefinitions']>[number]

/** Members that no engine is told of, though a container would notice. */
const MISSING = [
  'credentialSpecs',
  'disableNetworking',
  'dnsSearchDomains',
  'dnsServers',
  'dockerSecurityOptions',
  'environmentFiles',
  'extraHosts',
  'firelensConfiguration',
  'hostname',
  'interactive',
  'links',
  'linuxParameters',
  'mountPoints',
  'privileged',
  'pseudoTerminal',
  'readonlyRootFilesystem',
  'repositoryCredentials',
  'resourceRequirements',
  'restartPolicy',
  'systemControls',
  'ulimits',
  'volumesFrom',
] as const satisfies readonly (keyof ContainerDefinition)[]

const isAbsent = (value: unknown): boolean =>
  value === undefined || value === false || (Array.isArray(value) && value.length === 0)

/** Gives why a task of the definition runs in no container of this machine, in words; undefined where it does. */
export function unsupportedBy({ containerDefinitions = [] }: Definition): string | undefined {
  for (const one of containerDefinitions) {
    const member = MISSING.find((name) => !isAbsent(one[name]))
    if (member) return `the embedded cloud does not carry out ${member} of the container ${one.name}`
    const { logDriver = 'awslogs' } = one.logConfiguration ?? {}
    if (logDriver !== 'awslogs')
      return `the embedded cloud does not carry out the log driver ${logDriver} of the container ${one.name}`
  }
  return undefined
}

/** The ports that the containers of a task listen on. AWS: with awsvpc the host's are the same. */
export const portsOf = ({ containerDefinitions = [] }: Definition): number[] => [
  ...new Set(
    containerDefinitions.flatMap(({ portMappings = [] }) =>
      portMappings.flatMap(({ containerPort }) => (containerPort ? [containerPort] : [])),
    ),
  ),
]
