/** CodePipeline: definitions checked as AWS checks them, executions that run under the pipeline's real roles. */
import { implementation } from '../../kernel/service.ts'
import { resumePipelines } from './engine/resume.ts'
import { listenForSources } from './engine/triggers.ts'
import { kinds } from './kinds.ts'
import {
  GetPipelineExecution,
  ListActionExecutions,
  ListPipelineExecutions,
} from './operations/executions.ts'
import { GetPipelineState } from './operations/get-pipeline-state.ts'
import { GetJobDetails, PutJobFailureResult, PutJobSuccessResult } from './operations/jobs.ts'
import { ListActionTypes } from './operations/list-action-types.ts'
import {
  CreatePipeline,
  DeletePipeline,
  GetPipeline,
  ListPipelines,
  UpdatePipeline,
} from './operations/pipelines.ts'
import { PutApprovalResult } from './operations/put-approval-result.ts'
import {
  DisableStageTransition,
  EnableStageTransition,
  RetryStageExecution,
  RollbackStage,
} from './operations/stages.ts'
import { StartPipelineExecution } from './operations/start-pipeline-execution.ts'
import { StopPipelineExecution } from './operations/stop-pipeline-execution.ts'
import { ListTagsForResource, TagResource, UntagResource } from './operations/tags.ts'
import { pipeline } from './resources/pipeline.ts'
import { serveTemplate } from './stack-actions/large-templates.ts'

export const codepipeline = implementation({
  operations: [
    CreatePipeline,
    UpdatePipeline,
    GetPipeline,
    ListPipelines,
    DeletePipeline,
    GetPipelineState,
    StartPipelineExecution,
    StopPipelineExecution,
    GetPipelineExecution,
    ListPipelineExecutions,
    ListActionExecutions,
    PutApprovalResult,
    RetryStageExecution,
    RollbackStage,
    EnableStageTransition,
    DisableStageTransition,
    PutJobSuccessResult,
    PutJobFailureResult,
    GetJobDetails,
    ListActionTypes,
    TagResource,
    UntagResource,
    ListTagsForResource,
  ],
  resourceTypes: [pipeline],
  kinds,
  http: serveTemplate,
  start: (cloud, context) => {
    listenForSources(cloud, context)
    resumePipelines(cloud, context)
  },
})
