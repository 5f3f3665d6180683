/** Step Functions: state machines of functions, choices and waits, that run under their own roles. */
import { implementation } from '../../kernel/service.ts'
import { resumeExecutions } from './engine/run-execution.ts'
import { kinds } from './kinds.ts'
import {
  DescribeExecution,
  GetExecutionHistory,
  ListExecutions,
  StartExecution,
  StartSyncExecution,
  StopExecution,
} from './operations/executions.ts'
import {
  CreateStateMachine,
  DeleteStateMachine,
  DescribeStateMachine,
  DescribeStateMachineForExecution,
  ListStateMachines,
  UpdateStateMachine,
  ValidateStateMachineDefinition,
} from './operations/state-machines.ts'
import { ListTagsForResource, TagResource, UntagResource } from './operations/tags.ts'
import { stateMachine } from './resources/state-machine.ts'

export const states = implementation({
  kinds,
  operations: [
    CreateStateMachine,
    UpdateStateMachine,
    DescribeStateMachine,
    DeleteStateMachine,
    ListStateMachines,
    DescribeStateMachineForExecution,
    ValidateStateMachineDefinition,
    StartExecution,
    StartSyncExecution,
    DescribeExecution,
    StopExecution,
    ListExecutions,
    GetExecutionHistory,
    TagResource,
    UntagResource,
    ListTagsForResource,
  ],
  resourceTypes: [stateMachine],
  start: resumeExecutions,
})
