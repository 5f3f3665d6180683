/** A pipeline with a source, a build, an approval and a deployment behind it, as CodePipeline would tell of it. */
import type { ActionExecutionDetail, PipelineDeclaration } from '@aws-sdk/client-codepipeline'
import type { LiveFleet } from '../src/operate/index.ts'
import { type Answers, type FakeCall, fakeAccounts } from './fake-accounts.ts'

export const HUB = { account: '111111111111', region: 'us-east-1' }
export const EXECUTION = '11111111-2222-3333-4444-555555555555'

const type = (category: string, provider: string) => ({
  actionTypeId: { category, provider, owner: 'AWS', version: '1' } as never,
})
const inDev = { roleArn: 'arn:aws:iam::222222222222:role/deploy', region: 'eu-west-1' }

export const declaration: PipelineDeclaration = {
  name: 'app',
  roleArn: 'arn:aws:iam::111111111111:role/app',
  stages: [
    { name: 'Source', actions: [{ name: 'Fetch', ...type('Source', 'S3') }] },
    { name: 'Build', actions: [{ name: 'Compile', ...type('Build', 'CodeBuild') }] },
    {
      name: 'Prod',
      actions: [
        { name: 'Ask', ...type('Approval', 'Manual') },
        {
          name: 'Execute',
          ...type('Deploy', 'CloudFormation'),
          ...inDev,
          configuration: { ActionMode: 'CHANGE_SET_EXECUTE', StackName: 'app', ChangeSetName: 'next' },
        },
      ],
    },
  ],
}

/** How an action of the pipeline ran; its execution's id is its name. */
export function ran(
  name: string,
  status: string,
  result: NonNullable<ActionExecutionDetail['output']>['executionResult'] = {},
): ActionExecutionDetail {
  for (const stage of declaration.stages!)
    for (const action of stage.actions!)
      if (action.name === name)
        return {
          actionExecutionId: name,
          stageName: stage.name,
          actionName: name,
          status: status as never,
          startTime: new Date(1000),
          lastUpdateTime: new Date(3000),
          input: {
            actionTypeId: action.actionTypeId,
            configuration: action.configuration,
            roleArn: action.roleArn,
            region: action.region,
          } as never,
          output: { executionResult: result },
        }
  throw new Error(`the pipeline has no action ${name}`)
}

/** A moment of an execution: its status, and its actions so far, newest first. */
export interface Moment {
  readonly status: string
  readonly actions: readonly ActionExecutionDetail[]
}

/** What CodePipeline answers while an execution goes from moment to moment, one with each look at it. */
export function answersOf(...moments: readonly Moment[]): Answers {
  let at = -1
  const now = () => moments[Math.max(0, at)]!
  const next = () => {
    at = Math.min(at + 1, moments.length - 1)
    return now()
  }
  const revision = { revisionId: 'c0ffee', revisionSummary: '{"CommitMessage":"Say hello"}' }
  const trigger = { triggerType: 'Webhook' }
  const base = { pipelineExecutionId: EXECUTION, trigger }
  return {
    GetPipeline: () => ({ pipeline: declaration }),
    GetPipelineExecution: () => ({
      pipelineExecution: { ...base, status: next().status, artifactRevisions: [revision] },
    }),
    ListPipelineExecutions: () => ({
      pipelineExecutionSummaries: [
        { ...base, status: next().status, startTime: new Date(500), sourceRevisions: [revision] },
      ],
    }),
    ListActionExecutions: () => ({ actionExecutionDetails: now().actions }),
    GetPipelineState: () => ({
      stageStates: [
        {
          stageName: 'Prod',
          latestExecution: { pipelineExecutionId: EXECUTION },
          actionStates: [{ actionName: 'Ask', latestExecution: { token: 'token' } }],
        },
      ],
    }),
  }
}

/** A fleet with that pipeline in a hub that answers so. */
export function fakeFleet(
  answers: Answers,
  endpoint?: string,
): { fleet: LiveFleet; calls: FakeCall[]; operations: () => string[] } {
  const { accounts, calls } = fakeAccounts(answers, endpoint)
  const pipelines = [{ id: 'app', declaration: declaration as never, needs: [] }]
  return {
    fleet: { accounts, hub: HUB, assembly: { fleet: 'f', waves: [], pipelines } },
    calls,
    operations: () => calls.map(({ operation }) => operation),
  }
}
