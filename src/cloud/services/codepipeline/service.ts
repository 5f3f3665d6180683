/** CodePipeline: definitions checked as AWS checks them, executions that run under the pipeline's real roles. */
import { implementation } from '../../kernel/service.ts'
import { resumePipelines } from './engine/resume.ts'
import { listenForSources } from './engine/triggers.ts'
import { listenForPushes, takeHook, WEBHOOK_PATH } from './engine/webhooks.ts'
import { kinds } from './kinds.ts'
import { CreateCustomActionType, DeleteCustomActionType } from './operations/custom-action-types.ts'
import {
  GetPipelineExecution,
  ListActionExecutions,
  ListPipelineExecutions,
} from './operations/executions.ts'
import { GetPipelineState } from './operations/get-pipeline-state.ts'
import { GetJobDetails, PutJobFailureResult, PutJobSuccessResult } from './operations/jobs.ts'
import { ListActionTypes } from './operations/list-action-types.ts'
import { GetActionType, UpdateActionType } from './operations/partner-action-types.ts'
import {
  CreatePipeline,
  DeletePipeline,
  GetPipeline,
  ListPipelines,
  UpdatePipeline,
} from './operations/pipelines.ts'
import { AcknowledgeJob, PollForJobs } from './operations/poll-for-jobs.ts'
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
import {
  AcknowledgeThirdPartyJob,
  GetThirdPartyJobDetails,
  PollForThirdPartyJobs,
  PutThirdPartyJobFailureResult,
  PutThirdPartyJobSuccessResult,
} from './operations/third-party-jobs.ts'
import {
  DeleteWebhook,
  DeregisterWebhookWithThirdParty,
  ListWebhooks,
  PutWebhook,
  RegisterWebhookWithThirdParty,
} from './operations/webhooks.ts'
import { customActionType } from './resources/custom-action-type.ts'
import { pipeline } from './resources/pipeline.ts'
import { webhook } from './resources/webhook.ts'
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
    PollForJobs,
    AcknowledgeJob,
    PollForThirdPartyJobs,
    AcknowledgeThirdPartyJob,
    GetThirdPartyJobDetails,
    PutThirdPartyJobSuccessResult,
    PutThirdPartyJobFailureResult,
    ListActionTypes,
    CreateCustomActionType,
    DeleteCustomActionType,
    GetActionType,
    UpdateActionType,
    PutWebhook,
    ListWebhooks,
    DeleteWebhook,
    RegisterWebhookWithThirdParty,
    DeregisterWebhookWithThirdParty,
    TagResource,
    UntagResource,
    ListTagsForResource,
  ],
  resourceTypes: [pipeline, customActionType, webhook],
  kinds,
  http: (request, response, cloud, context) =>
    request.url?.startsWith(WEBHOOK_PATH)
      ? takeHook(request, response, cloud, context)
      : serveTemplate(request, response, cloud),
  start: (cloud, context) => {
    listenForSources(cloud, context)
    listenForPushes(cloud, context)
    resumePipelines(cloud, context)
  },
})
