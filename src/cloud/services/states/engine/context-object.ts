/** The context object of an execution, `$$` in paths. */
import { readJson } from '../../../../model/index.ts'
import type { Execution } from '../state.ts'

export const contextObject = ({ arn, name, machine, roleArn, input, started }: Execution) => ({
  Execution: {
    Id: arn,
    Input: readJson(input),
    Name: name,
    RoleArn: roleArn,
    StartTime: new Date(started).toISOString(),
  },
  StateMachine: { Id: machine, Name: machine.slice(machine.lastIndexOf(':') + 1) },
})
