/** What a stage does, in which order: as it lists its steps, or as usual. */
import { FleetError, type Hub } from '../model/index.ts'
import type { ApprovalFile } from './approval-schema.ts'
import type { DataPath } from './document.ts'
import type { FleetStage } from './fleet.ts'
import { isPrepared } from './outputs.ts'
import { approvalErrors, resolveApproval } from './resolve-approval.ts'
import type { FleetFileOutput } from './schema.ts'
import { type DeployAround, stageDeploys, type WrittenDeploy } from './stage-deploys.ts'
import type { StepFile } from './step-schema.ts'
import { StepReader, testName, usualSteps } from './steps.ts'

type PipelineFile = FleetFileOutput['pipelines'][string]
type AnyStageFile = Exclude<PipelineFile['stages'][number], string>
export type ActionStageFile = Extract<AnyStageFile, { actions: unknown }>
export type StageFile = Exclude<AnyStageFile, ActionStageFile>

export interface OrderAround extends DeployAround {
  readonly hub: Hub
  readonly pipeline: PipelineFile
  readonly pipelinePath: DataPath
  /** The stage's. */
  readonly path: DataPath
  /** What the stage itself says, without what it inherits. */
  readonly own: StageFile
}

export interface StageOrder
  extends Pick<FleetStage, 'approve' | 'changeSets' | 'deploys' | 'tests' | 'steps'> {
  /** The parts of the file that it is made of, with their paths. */
  readonly parts: readonly (readonly [part: unknown, path: DataPath])[]
}

/** Gives the order of a stage of a name; what is wrong with it is added to the errors. */
export function stageOrder(stage: string, file: StageFile, around: OrderAround): StageOrder {
  const { pipeline, pipelinePath, path } = around
  const own = file.deploy && { entries: file.deploy, path: [...path, 'deploy'] }
  const deploys = stageDeploys(own, { entries: pipeline.deploy, path: [...pipelinePath, 'deploy'] }, around)
  const order = file.steps
    ? listedOrder(stage, file.steps, file.approve, deploys.flat(), around)
    : usualOrder(stage, file, deploys, around)
  if (order.approve?.skipWhenEmpty) around.errors.push(...skipErrors(stage, order, around))
  return order
}

/** An approval may be skipped for want of changes where every change is in a change set that is made before it. */
function skipErrors(
  stage: string,
  { steps, deploys }: StageOrder,
  { path, document }: OrderAround,
): FleetError[] {
  const tell = (
    what: string,
    fix: string,
    location = document.locate([...path, 'approve', 'skipWhenEmpty']),
  ) => new FleetError(what, { location, fix })
  const asked = steps.findIndex((step) => step.some(({ kind }) => kind === 'approve'))
  const before = steps.slice(0, asked)
  if (steps[asked]!.length > 1 || before.flat().some(({ kind }) => kind !== 'prepare'))
    return [
      tell(
        `what ${stage} does before or beside its approval may be more than change sets tell`,
        'leave `skipWhenEmpty` out, or let only change sets come before the approval',
      ),
    ]
  return deploys.flatMap((deploy) =>
    isPrepared(deploy, before)
      ? []
      : tell(
          isPrepared(deploy, steps)
            ? `the change set of ${deploy.name} takes an output of the same stage, so that it cannot be made before the approval`
            : `${deploy.name} has no change set that tells whether it would change anything`,
          'use two stages',
          deploy.location,
        ),
  )
}

function usualOrder(
  stage: string,
  file: StageFile,
  written: readonly (readonly WrittenDeploy[])[],
  { hub, path, artifacts, document, errors }: OrderAround,
): StageOrder {
  const at = [...path, 'approve']
  const approve = resolveApproval(file.approve, at, document)
  errors.push(...approvalErrors(file.approve, at, hub, document))
  const isList = Array.isArray(file.test)
  const tests = (file.test ? [file.test].flat() : []).map((test, index) => ({
    ...artifacts.test(test, [...path, 'test', ...(isList ? [index] : [])]),
    name: testName(index),
  }))
  const deploys = written.map((step) => step.map(({ deploy }) => deploy))
  const changeSets = file.changeSets ?? approve !== undefined
  return {
    approve,
    changeSets,
    tests,
    deploys: deploys.flat(),
    steps: usualSteps({ stage, deploys, changeSets, approve: approve !== undefined, tests }),
    parts: [...partsOf(written.flat()), [file.test, [...path, 'test']], [file.approve, at]],
  }
}

function listedOrder(
  stage: string,
  files: readonly StepFile[],
  approve: ApprovalFile | undefined,
  known: readonly WrittenDeploy[],
  around: OrderAround,
): StageOrder {
  const { own, path, document, errors } = around
  const tell = (key: string, what: string, fix: string) =>
    errors.push(new FleetError(what, { location: document.locate([...path, key]), fix }))
  for (const key of ['approve', 'test', 'changeSets'] as const)
    if (own[key] !== undefined) tell(key, `\`${key}\` does not go with \`steps\``, 'make it one of the steps')
  const at = [...path, 'steps']
  const { deploys, ...listed } = new StepReader({ ...around, known, approve }).read(files, at)
  if (approve && own.approve === undefined && !listed.approve)
    tell(
      'steps',
      `the environment of ${stage} asks for an approval, and no step does`,
      'add `- approve: true`',
    )
  return {
    ...listed,
    deploys: deploys.map(({ deploy }) => deploy),
    changeSets: listed.steps.flat().some(({ kind }) => kind === 'prepare'),
    parts: [...partsOf(deploys), [files, at]],
  }
}

const partsOf = (deploys: readonly WrittenDeploy[]) =>
  deploys.map(({ deploy, path }) => [deploy.configuration, path] as const)
