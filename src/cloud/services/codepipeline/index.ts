/** CodePipeline: definitions checked as AWS checks them, executions that run under the pipeline's real roles. */
import { service } from '../../service.ts'
import { resumePipelines } from './engine/resume.ts'
import { GetPipelineExecution, ListActionExecutions, ListPipelineExecutions } from './executions.ts'
import { GetPipelineState } from './get-pipeline-state.ts'
import { GetJobDetails, PutJobFailureResult, PutJobSuccessResult } from './jobs.ts'
import { ListActionTypes } from './list-action-types.ts'
import { CreatePipeline, DeletePipeline, GetPipeline, ListPipelines, UpdatePipeline } from './pipelines.ts'
import { PutApprovalResult } from './put-approval-result.ts'
import { pipeline } from './resources/pipeline.ts'
import { serveTemplate } from './stack-actions/large-templates.ts'
import {
  DisableStageTransition,
  EnableStageTransition,
  RetryStageExecution,
  RollbackStage,
} from './stage-operations.ts'
import { StartPipelineExecution, StopPipelineExecution } from './start-and-stop.ts'
import { ListTagsForResource, TagResource, UntagResource } from './tags.ts'
import { listenForSources } from './triggers.ts'

export const codepipeline = service({
  id: 'codepipeline',
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
  http: serveTemplate,
  start: (cloud, context) => {
    listenForSources(cloud, context)
    resumePipelines(cloud, context)
  },
})
