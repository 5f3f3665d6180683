/** What a stage does one after another: the usual order, or the steps that the file lists. */
import { FleetError, type Hub } from '../model/index.ts'
import type { ApprovalFile } from './approval-schema.ts'
import type { TestFile } from './build-schema.ts'
import { deployedStack } from './deploys/index.ts'
import type { DataPath } from './document.ts'
import type { FleetApproval, FleetDeploy, FleetStage, FleetStep, FleetTest } from './fleet.ts'
import { joinApprovals } from './guards.ts'
import { outputUses } from './output-uses.ts'
import { approvalErrors, resolveApproval } from './resolve-approval.ts'
import { type DeployAround, deployNamed, type WrittenDeploy } from './stage-deploys.ts'
import type { SingleStepFile, StepFile } from './step-schema.ts'

type Steps = readonly (readonly FleetStep[])[]

/** What the usual order is made of. */
export interface UsualOrder {
  /** The stage's name. */
  readonly stage: string
  readonly deploys: readonly (readonly FleetDeploy[])[]
  readonly changeSets: boolean
  readonly approve: boolean
  readonly tests: readonly FleetTest[]
}

/**
 * Gives the usual order: change sets, all side by side; the approval; the deploys in the order of their list; the tests.
 * The change set of a deploy that takes an output of the same stage is made when that is known.
 */
export function usualSteps({ stage, deploys, changeSets, approve, tests }: UsualOrder): Steps {
  const names = deploys.map((step) => step.map(({ name }) => name))
  const isLate = (deploy: FleetDeploy, index: number): boolean =>
    deploy.outputs.some(
      (use) =>
        (use.stage ?? stage) === stage &&
        names.slice(0, index).some((earlier) => earlier.includes(use.deploy)),
    )
  const prepare = (deploy: FleetDeploy): FleetStep => ({ kind: 'prepare', deploy })
  const prepared = deploys.map((step) => (changeSets ? step.filter(isPreparable) : []))
  const late = prepared.map((step, index) => step.filter((deploy) => isLate(deploy, index)))
  const early = prepared.flatMap((step, index) => step.filter((deploy) => !late[index]!.includes(deploy)))
  return [
    early.map(prepare),
    approve ? [{ kind: 'approve' as const }] : [],
    ...deploys.flatMap((step, index) => [
      late[index]!.map(prepare),
      step.map((deploy): FleetStep => ({ kind: 'deploy', deploy })),
    ]),
    ...tests.map((test): FleetStep[] => [{ kind: 'test', test }]),
  ].filter((step) => step.length)
}

const isPreparable = ({ configuration }: FleetDeploy): boolean => deployedStack(configuration) !== undefined

/** Gives the stage without steps of a kind, and without what these were about. */
export function leaveOut(stage: FleetStage, kind: 'approve' | 'test'): FleetStage {
  const steps = stage.steps.map((step) => step.filter((one) => one.kind !== kind))
  return {
    ...stage,
    steps: steps.filter((step) => step.length),
    ...(kind === 'approve' ? { approve: undefined } : { tests: [] }),
  }
}

/** Gives what the tests of a stage are called, in their order. */
export const testName = (index: number): string => (index ? `test-${index + 1}` : 'test')

export interface ListedSteps {
  readonly steps: Steps
  readonly approve?: FleetApproval
  readonly tests: readonly FleetTest[]
  /** Parts of the file that the steps are made of. */
  readonly deploys: readonly WrittenDeploy[]
}

export interface StepsAround extends DeployAround {
  readonly hub: Hub
  /** The deploys that the steps may name. */
  readonly known: readonly WrittenDeploy[]
  /** What the environment says of the approval. */
  readonly approve: ApprovalFile | undefined
}

/** Reads the steps that a stage lists. */
export class StepReader {
  readonly #around: StepsAround
  readonly #tests: FleetTest[] = []
  readonly #prepared = new Map<FleetDeploy, DataPath>()
  readonly #deployed = new Map<FleetDeploy, WrittenDeploy>()
  #approve: FleetApproval | undefined

  constructor(around: StepsAround) {
    this.#around = around
  }

  /** Gives them; what is wrong is added to the errors. */
  read(files: readonly StepFile[], path: DataPath): ListedSteps {
    const steps = files.map((file, index) => {
      const at = [...path, index]
      if (!('together' in file)) return this.#single(file, at)
      return file.together.flatMap((one, position) => this.#single(one, [...at, 'together', position]))
    })
    for (const [deploy, at] of this.#prepared)
      if (!this.#deployed.has(deploy))
        this.#complain(
          at,
          `the change set of \`${deploy.name}\` is made, and no step deploys it`,
          `add \`- deploy: ${deploy.name}\` after it`,
        )
    return {
      steps: steps.filter((step) => step.length),
      approve: this.#approve,
      tests: this.#tests,
      deploys: [...this.#deployed.values()],
    }
  }

  #single(file: SingleStepFile, path: DataPath): FleetStep[] {
    if ('approve' in file) return this.#approval(file.approve, [...path, 'approve'])
    if ('changeSets' in file) return this.#changeSets(file.changeSets, [...path, 'changeSets'])
    if ('deploy' in file) return this.#deploys(file.deploy, [...path, 'deploy'])
    if ('test' in file) return [this.#test(file.test, [...path, 'test'])]
    const outputs = outputUses(file, path, this.#around.document)
    if ('invoke' in file) return [{ kind: 'invoke', invoke: file.invoke, outputs }]
    return [{ kind: 'action', action: file.action, outputs }]
  }

  #approval(file: ApprovalFile, path: DataPath): FleetStep[] {
    const { hub, document, errors, approve: before } = this.#around
    if (!file) return []
    const asked = joinApprovals(before, file)
    errors.push(...approvalErrors(asked, path, hub, document))
    if (this.#approve) this.#complain(path, 'a stage asks for one approval', 'make two stages')
    this.#approve = resolveApproval(asked, path, document)
    return [{ kind: 'approve' }]
  }

  #changeSets(names: 'all' | string | readonly string[], path: DataPath): FleetStep[] {
    const found =
      names === 'all'
        ? this.#around.known.filter(({ deploy }) => isPreparable(deploy) && !this.#deployed.has(deploy))
        : this.#named(names, path)
    return found.map(({ deploy }) => {
      if (this.#deployed.has(deploy))
        this.#complain(
          path,
          `\`${deploy.name}\` is deployed before its change set is made`,
          'make it earlier',
        )
      else if (!isPreparable(deploy))
        this.#complain(
          path,
          `\`${deploy.name}\` is no stack, so that there is no change set of it`,
          'leave it out',
        )
      else if (this.#prepared.has(deploy))
        this.#complain(path, `the change set of \`${deploy.name}\` is made twice`, 'make it once')
      this.#prepared.set(deploy, path)
      return { kind: 'prepare', deploy }
    })
  }

  #deploys(names: string | readonly string[], path: DataPath): FleetStep[] {
    return this.#named(names, path).map((one) => {
      if (this.#deployed.has(one.deploy))
        this.#complain(path, `\`${one.deploy.name}\` is deployed twice in this stage`, 'deploy it once')
      this.#deployed.set(one.deploy, one)
      return { kind: 'deploy', deploy: one.deploy }
    })
  }

  #named(names: string | readonly string[], path: DataPath): WrittenDeploy[] {
    const { known, document, errors } = this.#around
    return [names].flat().flatMap((name, index) => {
      const at = Array.isArray(names) ? [...path, index] : path
      return deployNamed(name, known, at, document, errors) ?? []
    })
  }

  #test(file: TestFile, path: DataPath): FleetStep {
    const test = { ...this.#around.artifacts.test(file, path), name: testName(this.#tests.length) }
    this.#tests.push(test)
    return { kind: 'test', test }
  }

  #complain(path: DataPath, what: string, fix: string): void {
    const { document, errors } = this.#around
    errors.push(new FleetError(what, { location: document.locate(path), fix }))
  }
}
