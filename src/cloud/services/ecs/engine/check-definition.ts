/** What ECS asks of a task definition. */
import type { Input } from '../../../kernel/api.ts'
import { clientError } from '../kinds.ts'
import { ecrImage } from './pull-image.ts'

type Given = Input<'ecs', 'RegisterTaskDefinition'>

/** AWS: the memory in GB that goes with CPU units; from, to, step ("Amazon ECS task definition parameters for Fargate"). */
const SIZES: Readonly<Record<number, readonly [from: number, to: number, step: number]>> = {
  512: [1, 4, 1],
  1024: [2, 8, 1],
  2048: [4, 16, 1],
  4096: [8, 30, 1],
  8192: [16, 60, 4],
  16384: [32, 120, 8],
}

/** AWS: units, or vCPUs in words: `256`, `.25 vCPU`; `512`, `1 GB`. */
function amount(text: string, unit: string): number {
  const match = /^\s*(\d*\.?\d+)\s*([a-z]*)\s*$/i.exec(text)
  if (!match) return Number.NaN
  const given = match[2]!.toLowerCase()
  if (given === '') return Number(match[1])
  return given === unit ? Number(match[1]) * 1024 : Number.NaN
}

function isFargateSize(cpu: number, memory: number): boolean {
  if (cpu === 256) return [512, 1024, 2048].includes(memory)
  const [from, to, step] = SIZES[cpu] ?? [1, 0, 1]
  const gigabytes = memory / 1024
  return gigabytes >= from && gigabytes <= to && (gigabytes - from) % step === 0
}

/** Errors: ClientException in AWS's words. */
export function checkDefinition(given: Given): void {
  if (!/^[a-zA-Z0-9_-]{1,255}$/.test(given.family ?? ''))
    throw clientError('Family contains invalid characters.')
  const containers = given.containerDefinitions ?? []
  if (!containers.length) throw clientError('Container list cannot be empty.')
  const names = new Set<string>()
  for (const { name, image } of containers) {
    if (!name) throw clientError('Container.name should not be null or empty.')
    if (!image) throw clientError('Container.image should not be null or empty.')
    if (names.has(name)) throw clientError(`Container names must be unique: '${name}' is given twice.`)
    names.add(name)
  }
  if (containers.every(({ essential }) => essential === false))
    throw clientError('Invalid task definition. At least one container must be essential.')
  if (given.requiresCompatibilities?.includes('FARGATE')) checkFargate(given)
  else checkMemory(given)
}

function checkMemory({ memory, containerDefinitions = [] }: Given): void {
  const none = containerDefinitions.find(
    (one) => one.memory === undefined && one.memoryReservation === undefined,
  )
  if (none && !memory)
    throw clientError(
      `Invalid setting for container '${none.name}'. At least one of 'memory' or 'memoryReservation' must be specified.`,
    )
}

function checkFargate({
  cpu,
  memory,
  networkMode,
  executionRoleArn,
  containerDefinitions = [],
}: Given): void {
  if (networkMode !== 'awsvpc') throw clientError("Fargate only supports network mode 'awsvpc'.")
  if (!cpu) throw clientError("Fargate requires that 'cpu' be defined at the task level.")
  if (!memory) throw clientError("Fargate requires that 'memory' be defined at the task level.")
  if (!isFargateSize(amount(cpu, 'vcpu'), amount(memory, 'gb')))
    throw clientError('No Fargate configuration exists for given values.')
  if (executionRoleArn) return
  if (containerDefinitions.some(({ image = '' }) => ecrImage(image)))
    throw clientError('Fargate requires task definition to have execution role ARN to support ECR images.')
  if (containerDefinitions.some(({ logConfiguration }) => logConfiguration?.logDriver === 'awslogs'))
    throw clientError(
      'Fargate requires task definition to have execution role ARN to support log driver awslogs.',
    )
}
