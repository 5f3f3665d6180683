/** CodeBuild: builds run as processes of this machine, under the project's role. It is no sandbox. */
import { service } from '../../service.ts'
import { BatchDeleteBuilds, BatchGetBuilds, ListBuilds, ListBuildsForProject, StopBuild } from './builds.ts'
import { BatchGetProjects, CreateProject, DeleteProject, ListProjects, UpdateProject } from './project.ts'
import { project } from './resources/project.ts'
import { endInterruptedBuilds } from './resume.ts'
import { StartBuild } from './start-build.ts'

export const codebuild = service({
  id: 'codebuild',
  operations: [
    CreateProject,
    UpdateProject,
    DeleteProject,
    BatchGetProjects,
    ListProjects,
    StartBuild,
    StopBuild,
    BatchGetBuilds,
    BatchDeleteBuilds,
    ListBuilds,
    ListBuildsForProject,
  ],
  resourceTypes: [project],
  start: endInterruptedBuilds,
})
