/** The service cloudformation: stacks made from templates. */
import { implementation } from '../../kernel/service.ts'
import { takeAnswer } from './engine/callbacks.ts'
import { notification } from './engine/notify.ts'
import { resumeInterrupted } from './engine/resume.ts'
import { kinds } from './kinds.ts'
import { CreateChangeSet, ExecuteChangeSet } from './operations/change-sets.ts'
import { CreateStack } from './operations/create-stack.ts'
import { DeleteStack } from './operations/delete-stack.ts'
import { DeleteChangeSet, DescribeChangeSet, ListChangeSets } from './operations/describe-change-set.ts'
import {
  DescribeStackEvents,
  DescribeStackResource,
  DescribeStackResources,
  ListStackResources,
} from './operations/describe-stack-resources.ts'
import { DescribeStacks, ListStacks } from './operations/describe-stacks.ts'
import {
  DescribeStackDriftDetectionStatus,
  DescribeStackResourceDrifts,
  DetectStackDrift,
} from './operations/drifts.ts'
import { ListExports, ListImports } from './operations/exports.ts'
import { CancelUpdateStack, ContinueUpdateRollback, RollbackStack } from './operations/rollbacks.ts'
import {
  CreateStackInstances,
  DeleteStackInstances,
  DescribeStackInstance,
  ListStackInstances,
  UpdateStackInstances,
} from './operations/stack-instances.ts'
import { GetStackPolicy, SetStackPolicy } from './operations/stack-policies.ts'
import {
  DescribeStackSetOperation,
  ListStackSetOperationResults,
  ListStackSetOperations,
  StopStackSetOperation,
} from './operations/stack-set-operations.ts'
import {
  CreateStackSet,
  DeleteStackSet,
  DescribeStackSet,
  ListStackSets,
  UpdateStackSet,
} from './operations/stack-sets.ts'
import { GetTemplate, GetTemplateSummary, ValidateTemplate } from './operations/templates.ts'
import { UpdateStack } from './operations/update-stack.ts'
import { UpdateTerminationProtection } from './operations/update-termination-protection.ts'
import { customResource } from './resources/custom-resource.ts'
import { nestedStack } from './resources/nested-stack.ts'
import { stackSet } from './resources/stack-set.ts'
import { waitCondition, waitConditionHandle } from './resources/wait-condition.ts'
import { listenForAccounts } from './stack-sets/auto-deploy.ts'
import { resumeOperations } from './stack-sets/run-operation.ts'

export const cloudformation = implementation({
  operations: [
    CancelUpdateStack,
    ContinueUpdateRollback,
    CreateChangeSet,
    CreateStack,
    CreateStackInstances,
    CreateStackSet,
    DeleteStackInstances,
    DeleteStackSet,
    DescribeStackInstance,
    DescribeStackSet,
    DescribeStackSetOperation,
    ListStackInstances,
    ListStackSetOperationResults,
    ListStackSetOperations,
    ListStackSets,
    StopStackSetOperation,
    UpdateStackInstances,
    UpdateStackSet,
    DeleteChangeSet,
    DeleteStack,
    DescribeChangeSet,
    DescribeStackDriftDetectionStatus,
    DescribeStackEvents,
    DescribeStackResource,
    DescribeStackResourceDrifts,
    DescribeStackResources,
    DescribeStacks,
    DetectStackDrift,
    ExecuteChangeSet,
    GetStackPolicy,
    GetTemplate,
    GetTemplateSummary,
    ListChangeSets,
    ListExports,
    ListImports,
    ListStackResources,
    ListStacks,
    RollbackStack,
    SetStackPolicy,
    UpdateStack,
    UpdateTerminationProtection,
    ValidateTemplate,
  ],
  kinds,
  handOvers: [notification],
  resourceTypes: [customResource, nestedStack, stackSet, waitCondition, waitConditionHandle],
  start: (cloud, context) => {
    resumeInterrupted(cloud, context)
    resumeOperations(cloud, context)
    listenForAccounts(cloud, context)
  },
  http: takeAnswer,
})
