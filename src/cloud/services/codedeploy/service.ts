/** CodeDeploy: deployments of Lambda functions and ECS services that move traffic by time. */
import { implementation } from '../../kernel/service.ts'
import { beginDriving } from './engine/drive.ts'
import { trigger } from './engine/notify.ts'
import { kinds } from './kinds.ts'
import {
  BatchGetApplications,
  CreateApplication,
  DeleteApplication,
  GetApplication,
  ListApplications,
  UpdateApplication,
} from './operations/applications.ts'
import { CreateDeployment } from './operations/create-deployment.ts'
import {
  CreateDeploymentConfig,
  DeleteDeploymentConfig,
  GetDeploymentConfig,
  ListDeploymentConfigs,
} from './operations/deployment-configs.ts'
import {
  BatchGetDeploymentGroups,
  CreateDeploymentGroup,
  DeleteDeploymentGroup,
  GetDeploymentGroup,
  ListDeploymentGroups,
  UpdateDeploymentGroup,
} from './operations/deployment-groups.ts'
import {
  BatchGetDeploymentTargets,
  GetDeploymentTarget,
  ListDeploymentTargets,
  PutLifecycleEventHookExecutionStatus,
} from './operations/deployment-targets.ts'
import {
  BatchGetDeployments,
  ContinueDeployment,
  GetDeployment,
  ListDeployments,
  StopDeployment,
} from './operations/deployments.ts'
import {
  BatchGetApplicationRevisions,
  GetApplicationRevision,
  ListApplicationRevisions,
  RegisterApplicationRevision,
} from './operations/revisions.ts'
import { ListTagsForResource, TagResource, UntagResource } from './operations/tags.ts'
import { application } from './resources/application.ts'
import { deploymentConfig } from './resources/deployment-config.ts'
import { deploymentGroup } from './resources/deployment-group.ts'

export const codedeploy = implementation({
  kinds,
  operations: [
    CreateApplication,
    GetApplication,
    BatchGetApplications,
    ListApplications,
    UpdateApplication,
    DeleteApplication,
    RegisterApplicationRevision,
    GetApplicationRevision,
    BatchGetApplicationRevisions,
    ListApplicationRevisions,
    CreateDeploymentConfig,
    GetDeploymentConfig,
    ListDeploymentConfigs,
    DeleteDeploymentConfig,
    CreateDeploymentGroup,
    UpdateDeploymentGroup,
    GetDeploymentGroup,
    BatchGetDeploymentGroups,
    ListDeploymentGroups,
    DeleteDeploymentGroup,
    CreateDeployment,
    GetDeployment,
    BatchGetDeployments,
    ListDeployments,
    StopDeployment,
    ContinueDeployment,
    GetDeploymentTarget,
    BatchGetDeploymentTargets,
    ListDeploymentTargets,
    PutLifecycleEventHookExecutionStatus,
    TagResource,
    UntagResource,
    ListTagsForResource,
  ],
  handOvers: [trigger],
  resourceTypes: [application, deploymentConfig, deploymentGroup],
  start: beginDriving,
})
