/** The `batch` of a buildspec: which builds one batch build consists of. */
import { setEntry } from '../../../../model/index.ts'
import {
  BuildspecError,
  count,
  flag,
  isAbsent,
  list,
  type Mapping,
  mapping,
  mappings,
  text,
  texts,
  type UnknownKeys,
} from './buildspec-values.ts'

/** One build of a batch, and what it has of its own. */
export interface BatchTask {
  readonly identifier: string
  readonly buildspec?: string
  readonly dependsOn: readonly string[]
  readonly ignoreFailure: boolean
  readonly image?: string
  readonly computeType?: string
  readonly type?: string
  readonly privilegedMode?: boolean
  readonly variables: Readonly<Record<string, string>>
  /** Which part of the tests is its own, of a fan-out; counted from 0. */
  readonly shard?: { readonly index: number; readonly count: number }
}

export interface BatchSpec {
  readonly kind: 'build-graph' | 'build-list' | 'build-matrix' | 'build-fanout'
  readonly fastFail: boolean
  readonly tasks: readonly BatchTask[]
}

const KINDS = ['build-graph', 'build-list', 'build-matrix', 'build-fanout'] as const
const ENV_KEYS = ['compute-type', 'fleet', 'image', 'privileged-mode', 'type', 'variables']
const TASK_KEYS = ['identifier', 'buildspec', 'debug-session', 'env', 'ignore-failure']
/** A bound of the embedded cloud; how many builds a project allows is its restriction, 100 at first. */
const TASKS_MOST = 1000

/** Gives the batch; undefined where the buildspec has none. Errors: BuildspecError. */
export function readBatch(value: unknown, unknown: UnknownKeys): BatchSpec | undefined {
  const batch = mapping(value, 'batch')
  if (!Object.keys(batch).length) return undefined
  unknown.note(batch, ['fast-fail', ...KINDS], 'BATCH')
  const kinds = KINDS.filter((kind) => !isAbsent(batch[kind]))
  const [kind] = kinds
  if (!kind || kinds.length > 1)
    throw new BuildspecError(`batch has ${kinds.length} of ${KINDS.join(', ')}; it has one of them`)
  const tasks = READERS[kind](batch[kind], unknown)
  if (!tasks.length) throw new BuildspecError(`batch/${kind} has no builds`)
  if (tasks.length > TASKS_MOST)
    throw new BuildspecError(`batch/${kind} has ${tasks.length} builds; ${TASKS_MOST} is the most`)
  checkTasks(tasks, `batch/${kind}`)
  return { kind, fastFail: flag(batch, 'fast-fail', 'batch/'), tasks }
}

const READERS: Record<(typeof KINDS)[number], (value: unknown, unknown: UnknownKeys) => BatchTask[]> = {
  'build-graph': (value, unknown) => readTasks(value, 'batch/build-graph', ['depend-on'], unknown),
  'build-list': (value, unknown) => readTasks(value, 'batch/build-list', [], unknown),
  'build-matrix': readMatrix,
  'build-fanout': readFanout,
}

function readTasks(
  value: unknown,
  where: string,
  more: readonly string[],
  unknown: UnknownKeys,
): BatchTask[] {
  return mappings(value, where).map((task, index) => {
    unknown.note(task, [...TASK_KEYS, ...more], 'BATCH')
    const identifier = text(task, 'identifier', `${where}[${index}]/`)
    if (identifier === undefined) throw new BuildspecError(`${where}[${index}]/identifier is required`)
    const own = `${where}/${identifier}/`
    if (flag(task, 'debug-session', own))
      throw new BuildspecError(`${own}debug-session is not supported here`)
    return {
      identifier,
      buildspec: text(task, 'buildspec', own),
      dependsOn: list(task['depend-on'], `${own}depend-on`),
      ignoreFailure: flag(task, 'ignore-failure', own),
      ...readEnv(task.env, `${own}env`, unknown),
    }
  })
}

type TaskEnvironment = Pick<BatchTask, 'image' | 'computeType' | 'type' | 'privilegedMode' | 'variables'>

function readEnv(value: unknown, where: string, unknown: UnknownKeys): TaskEnvironment {
  const env = mapping(value, where)
  unknown.note(env, ENV_KEYS, 'BATCH')
  if (!isAbsent(env.fleet))
    throw new BuildspecError(`${where}/fleet is not supported by the embedded cloud, which has no fleets`)
  return {
    image: text(env, 'image', `${where}/`),
    computeType: text(env, 'compute-type', `${where}/`),
    type: text(env, 'type', `${where}/`),
    privilegedMode: isAbsent(env['privileged-mode']) ? undefined : flag(env, 'privileged-mode', `${where}/`),
    variables: texts(env.variables, `${where}/variables`),
  }
}

/** AWS: a build for each combination of what `dynamic` lists. */
function readMatrix(value: unknown, unknown: UnknownKeys): BatchTask[] {
  const where = 'batch/build-matrix'
  const matrix = mapping(value, where)
  unknown.note(matrix, ['static', 'dynamic'], 'BATCH')
  const fixed = mapping(matrix.static, `${where}/static`)
  const dynamic = mapping(matrix.dynamic, `${where}/dynamic`)
  unknown.note(fixed, ['ignore-failure', 'env'], 'BATCH')
  unknown.note(dynamic, ['buildspec', 'env'], 'BATCH')
  const base = readEnv(fixed.env, `${where}/static/env`, unknown)
  const axes = axesOf(dynamic, `${where}/dynamic`, unknown)
  const size = axes.reduce((product, { values }) => product * values.length, 1)
  if (size > TASKS_MOST) throw new BuildspecError(`${where} has ${size} builds; ${TASKS_MOST} is the most`)
  return combinations(axes).map((chosen, index) => {
    const variables = { ...base.variables }
    for (const { axis, value: one } of chosen) if (axis.variable) setEntry(variables, axis.name, one)
    const member = (name: string) => chosen.find(({ axis }) => !axis.variable && axis.name === name)?.value
    return {
      identifier: `build${index}`,
      buildspec: member('buildspec'),
      dependsOn: [],
      ignoreFailure: flag(fixed, 'ignore-failure', `${where}/static/`),
      ...base,
      image: member('image') ?? base.image,
      computeType: member('compute-type') ?? base.computeType,
      variables,
    }
  })
}

interface Axis {
  readonly name: string
  readonly variable: boolean
  readonly values: readonly string[]
}

function axesOf(dynamic: Mapping, where: string, unknown: UnknownKeys): Axis[] {
  const env = mapping(dynamic.env, `${where}/env`)
  unknown.note(env, ['compute-type', 'image', 'variables'], 'BATCH')
  const axes: Axis[] = [
    { name: 'buildspec', variable: false, values: list(dynamic.buildspec, `${where}/buildspec`) },
    ...['image', 'compute-type'].map((name) => ({
      name,
      variable: false,
      values: list(env[name], `${where}/env/${name}`),
    })),
    ...Object.entries(mapping(env.variables, `${where}/env/variables`)).map(([name, values]) => ({
      name,
      variable: true,
      values: list(values, `${where}/env/variables/${name}`),
    })),
  ]
  return axes.filter(({ values }) => values.length)
}

function combinations(axes: readonly Axis[]): { axis: Axis; value: string }[][] {
  return axes.reduce<{ axis: Axis; value: string }[][]>(
    (sofar, axis) => sofar.flatMap((one) => axis.values.map((value) => [...one, { axis, value }])),
    [[]],
  )
}

/** AWS: the same build as often as `parallelism` says; each finds its share of the tests by itself. */
function readFanout(value: unknown, unknown: UnknownKeys): BatchTask[] {
  const where = 'batch/build-fanout'
  const fanout = mapping(value, where)
  unknown.note(fanout, ['parallelism', 'ignore-failure'], 'BATCH')
  const parallelism = count(fanout, 'parallelism', `${where}/`)
  if (!parallelism || parallelism > TASKS_MOST)
    throw new BuildspecError(`${where}/parallelism is a number from 1 to ${TASKS_MOST}`)
  const ignoreFailure = flag(fanout, 'ignore-failure', `${where}/`)
  return Array.from({ length: parallelism }, (_, index) => ({
    identifier: `build_fanout_${index + 1}`,
    dependsOn: [],
    ignoreFailure,
    variables: {},
    shard: { index, count: parallelism },
  }))
}

/** Names stand once, and every dependency is there and comes first somewhere. */
function checkTasks(tasks: readonly BatchTask[], where: string): void {
  const byName = new Map(tasks.map((task) => [task.identifier, task]))
  if (byName.size !== tasks.length) throw new BuildspecError(`${where} has two builds of one identifier`)
  for (const { identifier, dependsOn } of tasks)
    for (const other of dependsOn)
      if (!byName.has(other))
        throw new BuildspecError(`${where}/${identifier} depends on "${other}", which is not in the batch`)
  const done = new Set<string>()
  for (let before = -1; before !== done.size; ) {
    before = done.size
    for (const { identifier, dependsOn } of tasks)
      if (dependsOn.every((one) => done.has(one))) done.add(identifier)
  }
  if (done.size !== tasks.length)
    throw new BuildspecError(`${where} has builds that depend on each other in a circle`)
}
