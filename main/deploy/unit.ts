import { AGENT_ENVIRONMENT, AGENT_NODE_FLAGS } from '../../engine/protocol/agent-program.ts';

/** Name of the service, of its unit, and of the user it has. */
export const SERVICE_NAME = 'halfspread';
export const UNIT_FILE = `/etc/systemd/system/${SERVICE_NAME}.service`;
export const AGENT_USER = 'halfspread';

/**
 * How long an agent that is asked to stop may take before it is killed, in both forms of the service: an unlock under way
 * (5 s), open positions closed (30 s), venues and clients told (5 s), and as much again for a slow disk.
 */
export const AGENT_STOP_S = 60;

/**
 * The hardened unit. Not in it: `MemoryDenyWriteExecute`, which V8's compiler cannot live with. The metadata addresses of
 * clouds (169.254.169.254, fd00:ec2::254) are blocked: what runs there could read the server's credentials from them.
 * @param prefix checked path without white space or special characters (request.ts)
 */
export function unitText(prefix: string): string {
  return `# Written by Halfspread; a deploy writes it again. Removed by "halfspread site uninstall".
[Unit]
Description=Halfspread agent
Wants=network-online.target
After=network-online.target
# Never given up: a position may be open.
StartLimitIntervalSec=0

[Service]
Type=notify
NotifyAccess=all
WatchdogSec=30
User=${AGENT_USER}
Group=${AGENT_USER}
WorkingDirectory=${prefix}/state
Environment=NODE_ENV=production MALLOC_ARENA_MAX=${AGENT_ENVIRONMENT.MALLOC_ARENA_MAX}
ExecStart=${prefix}/current/node ${AGENT_NODE_FLAGS.join(' ')} ${prefix}/current/agent.mjs run --state ${prefix}/state
Restart=always
RestartSec=3
TimeoutStartSec=60
TimeoutStopSec=${AGENT_STOP_S}
KillMode=mixed
UMask=0077
OOMScoreAdjust=-200

# No memory on disk, because it may hold keys: not in a core file, not through a handler that ignores limits, not in swap.
LimitCORE=0
CoredumpFilter=0
MemorySwapMax=0
LimitNOFILE=8192
TasksMax=128
MemoryMax=1G

NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
ProtectSystem=strict
ReadWritePaths=${prefix}/state
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
PrivateIPC=yes
PrivateMounts=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
ProcSubset=pid
RemoveIPC=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
KeyringMode=private
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
SystemCallErrorNumber=EPERM
IPAddressDeny=169.254.169.254 fd00:ec2::254

[Install]
WantedBy=multi-user.target
`;
}
