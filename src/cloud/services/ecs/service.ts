/** ECS: clusters, task definitions, services that are deployed rolling or by task sets, and tasks, which are simulated. */
import { implementation } from '../../kernel/service.ts'
import { resume } from './engine/resume.ts'
import { kinds } from './kinds.ts'
import {
  DeleteAccountSetting,
  ListAccountSettings,
  PutAccountSetting,
  PutAccountSettingDefault,
} from './operations/account-settings.ts'
import { PutClusterCapacityProviders } from './operations/capacity-providers.ts'
import {
  CreateCluster,
  DeleteCluster,
  DescribeClusters,
  ListClusters,
  UpdateCluster,
  UpdateClusterSettings,
} from './operations/clusters.ts'
import {
  DescribeContainerInstances,
  ListContainerInstances,
  StartTask,
} from './operations/container-instances.ts'
import { CreateService } from './operations/create-service.ts'
import { DeleteTaskDefinitions } from './operations/delete-task-definitions.ts'
import { DescribeCapacityProviders } from './operations/describe-capacity-providers.ts'
import { ExecuteCommand } from './operations/execute-command.ts'
import {
  ContinueServiceDeployment,
  DescribeServiceDeployments,
  DescribeServiceRevisions,
  ListServiceDeployments,
  StopServiceDeployment,
} from './operations/service-deployments.ts'
import { DeleteService, DescribeServices, ListServices } from './operations/services.ts'
import { ListTagsForResource, TagResource, UntagResource } from './operations/tags.ts'
import {
  DeregisterTaskDefinition,
  DescribeTaskDefinition,
  ListTaskDefinitionFamilies,
  ListTaskDefinitions,
  RegisterTaskDefinition,
} from './operations/task-definitions.ts'
import {
  CreateTaskSet,
  DeleteTaskSet,
  DescribeTaskSets,
  UpdateServicePrimaryTaskSet,
  UpdateTaskSet,
} from './operations/task-sets.ts'
import { DescribeTasks, ListTasks, RunTask, StopTask } from './operations/tasks.ts'
import { UpdateService } from './operations/update-service.ts'
import { cluster } from './resources/cluster.ts'
import { clusterCapacityProviderAssociations } from './resources/cluster-capacity-provider-associations.ts'
import { service } from './resources/service.ts'
import { taskDefinition } from './resources/task-definition.ts'

export const ecs = implementation({
  kinds,
  operations: [
    CreateCluster,
    UpdateCluster,
    UpdateClusterSettings,
    DescribeClusters,
    ListClusters,
    DeleteCluster,
    PutClusterCapacityProviders,
    RegisterTaskDefinition,
    DeregisterTaskDefinition,
    DescribeTaskDefinition,
    ListTaskDefinitions,
    ListTaskDefinitionFamilies,
    CreateService,
    UpdateService,
    DescribeServices,
    ListServices,
    DeleteService,
    ListServiceDeployments,
    DescribeServiceDeployments,
    DescribeServiceRevisions,
    StopServiceDeployment,
    ContinueServiceDeployment,
    CreateTaskSet,
    UpdateTaskSet,
    DeleteTaskSet,
    DescribeTaskSets,
    UpdateServicePrimaryTaskSet,
    RunTask,
    DescribeTasks,
    ListTasks,
    StopTask,
    StartTask,
    ExecuteCommand,
    ListContainerInstances,
    DescribeContainerInstances,
    DescribeCapacityProviders,
    DeleteTaskDefinitions,
    PutAccountSetting,
    PutAccountSettingDefault,
    ListAccountSettings,
    DeleteAccountSetting,
    TagResource,
    UntagResource,
    ListTagsForResource,
  ],
  resourceTypes: [cluster, clusterCapacityProviderAssociations, service, taskDefinition],
  start: resume,
})
