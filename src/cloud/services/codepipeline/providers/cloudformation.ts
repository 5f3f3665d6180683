/** Deployment of a CloudFormation stack, in each of the five action modes. */
import { entryOf } from '../../../../model/index.ts'
import { executeChangeSet, replaceChangeSet } from '../stack-actions/change-set.ts'
import { createOrUpdate, deleteOnly } from '../stack-actions/update-stack.ts'
import { ActionFailure, type ActionJob, type Outcome, type Runner } from './runner.ts'

const MODES: Readonly<Record<string, (job: ActionJob) => Promise<Outcome>>> = {
  CREATE_UPDATE: createOrUpdate,
  REPLACE_ON_FAILURE: createOrUpdate,
  DELETE_ONLY: deleteOnly,
  CHANGE_SET_REPLACE: replaceChangeSet,
  CHANGE_SET_EXECUTE: executeChangeSet,
}

export const cloudformation: Runner = {
  id: 'Deploy/CloudFormation',
  run: async (job) => {
    const { ActionMode = '' } = job.configuration
    const mode = entryOf(MODES, ActionMode)
    if (mode) return mode(job)
    throw new ActionFailure(`The ActionMode ${ActionMode} is unknown`, { code: 'ConfigurationError' })
  },
}
