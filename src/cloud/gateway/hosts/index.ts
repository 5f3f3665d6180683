/** AWS's own host names: which lead to the cloud, and how its builds and functions get there. */
export { answerElsewhere, isForElsewhere, isPerhapsElsewhere } from './elsewhere.ts'
export { HostDoors } from './host-doors.ts'
