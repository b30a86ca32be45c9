#!/bin/bash
# A study of six seeds through a real Slurm on this machine, with jobs and a node killed on the way, against the bytes of one process.
# Debian, as root: apt-get install --no-install-recommends slurmctld slurmd slurm-client munge
# ONE=DIR takes a study that was made in one process before. Two nodes, n1 and n2, are two slurmd with host names of their own. Needs SNAKEMAKE, a built dist/, and about ten minutes.
set -euo pipefail
HERE=$(cd "$(dirname "$0")" && pwd)
SNAKEMAKE=${SNAKEMAKE:-snakemake}
STEPS=${STEPS:-800}
WORK=$(mktemp -d /tmp/karelscope-slurm.XXXXXX)
MAIN="node $HERE/../dist/main.js"
SLURM_CONF=/etc/slurm/slurm.conf # where jobs look for it: Snakemake takes SLURM_CONF out of their environment
SETTINGS="steps: $STEPS, checkpoints: 2, semantics: original, trace-train: 200, trace-validation: 60, trace-test: 100"
OPTIONS="--steps $STEPS --checkpoints 2 --semantics original --trace-train 200 --trace-validation 60 --trace-test 100"
BEGAN=$SECONDS

say() { printf '%4d s  %s\n' $((SECONDS - BEGAN)) "$*"; }
fail() { say "FAILED: $*"; exit 1; }
# The processes of a node: those that have its host name.
pids_of() { for ns in /proc/[0-9]*/ns/uts; do [ "$(readlink "$ns")" = "${UTS[$1]}" ] && echo "$ns" | cut -d/ -f3; done || true; }
kill_node() { local pids; pids=$(pids_of "$1"); [ -z "$pids" ] || kill -KILL $pids; }
start_node() {
  unshare --uts sh -c "hostname $1; exec slurmd -D -N $1 -f $SLURM_CONF" >>"$WORK/$1.out" 2>&1 &
  disown $!
  sleep 1
  UTS[$1]=$(readlink "/proc/$!/ns/uts")
}
until_true() { # SECONDS, what, command
  local ends=$((SECONDS + $1)) what=$2
  shift 2
  until "$@" 2>/dev/null; do
    [ $SECONDS -lt $ends ] || fail "waited too long for: $what"
    kill -0 "$RUNNING" 2>/dev/null || fail "snakemake ended before: $what"
    sleep 0.3
  done
}
# The number and the node of the running job of a rule and a seed; a seed may be .*
job_of() { squeue -h -t R -o '%i %N %k' | grep -m1 -E "^[0-9]+ ${3:-n.} rule_$1_wildcards_smoke_$2\$"; }
has() { grep -q "\"stage\":\"$2\"" "$WORK/studies/smoke/seed-$1/journal.jsonl"; }
in_rule() { job_of "$1" "$2" >/dev/null && has "$2" "$3"; }

[ ! -e $SLURM_CONF ] || fail "this machine has a Slurm already: $SLURM_CONF"
declare -A UTS
CTLD= MUNGED= RUNNING=
clean() {
  [ -z "$RUNNING" ] || kill $(pgrep -P "$RUNNING") "$RUNNING" 2>/dev/null || true
  for node in "${!UTS[@]}"; do kill_node "$node"; done
  [ -z "$CTLD" ] || kill "$CTLD" 2>/dev/null || true
  [ -z "$MUNGED" ] || kill "$MUNGED" 2>/dev/null || true
  cp /etc/hosts "$WORK/hosts" && grep -v '# karelscope-slurm' "$WORK/hosts" >/etc/hosts || true
  rm -f $SLURM_CONF
  [ -n "${KEEP:-}" ] || rm -rf "$WORK"
}
trap clean EXIT

say "$(slurmctld -V), snakemake $("$SNAKEMAKE" --version), node $(node --version), $(nproc) cores, load $(cut -d' ' -f1 /proc/loadavg)"
echo '127.0.0.1 n1 n2 # karelscope-slurm' >>/etc/hosts
if ! munge -n 2>/dev/null | unmunge >/dev/null 2>&1; then
  mkdir -p /run/munge && chown munge: /run/munge
  setpriv --reuid munge --regid munge --clear-groups munged --foreground >"$WORK/munge.out" 2>&1 &
  MUNGED=$!
  sleep 1
fi
mkdir -p "$WORK"/{state,n1,n2}
cat >"$SLURM_CONF" <<CONF
ClusterName=test
SlurmctldHost=$(hostname)(127.0.0.1)
SlurmUser=root
AuthType=auth/munge
CredType=cred/munge
StateSaveLocation=$WORK/state
SlurmdSpoolDir=$WORK/%n
SlurmctldPidFile=$WORK/slurmctld.pid
SlurmdPidFile=$WORK/%n.pid
SlurmctldPort=17000
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
SlurmdTimeout=15
MinJobAge=3600
ReturnToService=2
NodeName=n1 NodeHostname=n1 NodeAddr=127.0.0.1 Port=17001 CPUs=1 RealMemory=4000
NodeName=n2 NodeHostname=n2 NodeAddr=127.0.0.1 Port=17002 CPUs=1 RealMemory=4000
PartitionName=main Nodes=n1,n2 Default=YES MaxTime=INFINITE State=UP
CONF
slurmctld -D -f "$SLURM_CONF" >"$WORK/slurmctld.out" 2>&1 &
CTLD=$!
start_node n1
start_node n2
for _ in $(seq 40); do [ "$(sinfo -h -o '%D %t' 2>/dev/null)" = "2 idle" ] && break; sleep 0.5; done
say "nodes: $(sinfo -h -N -o '%N %t' | tr '\n' ' ')"

say "one process: reproduce smoke --seed 1 --seeds 6 $OPTIONS${ONE:+ (made before)}"
if [ -n "${ONE:-}" ]; then cp -r "$ONE" "$WORK/one"
else $MAIN reproduce smoke --seed 1 --seeds 6 $OPTIONS --threads 1 --out "$WORK/one" >"$WORK/one.out"; fi

cat >"$WORK/config.yaml" <<CONF
karelscope: $MAIN
out: $WORK/studies
threads: 1
margin: { memory: 1.5, time: 3 }
runs:
  - { name: smoke, preset: smoke, seeds: 1-6, settings: { $SETTINGS } }
CONF
snake() {
  "$SNAKEMAKE" --snakefile "$HERE/Snakefile" --configfile "$WORK/config.yaml" --directory "$WORK" \
    --profile "$HERE/profiles/slurm" --slurm-status-command squeue --slurm-init-seconds-before-status-checks 3 \
    --slurm-no-account --latency-wait 5 "$@"
}
say "Slurm: 18 jobs of six runs, and one that gathers"
snake >"$WORK/snakemake.out" 2>&1 &
RUNNING=$!

until_true 300 "training of seed 1" in_rule train 1 trace/0
until_true 60 "training of seed 1 after its first checkpoint" has 1 "train/$((STEPS / 2))"
read -r job node _ <<<"$(job_of train 1)"
scancel "$job"
say "scancel of job $job, which trained seed 1 on $node"

training_on() { local found; found=$(job_of train '[0-9]' "$1") && SEED=${found##*_} && has "$SEED" trace/0; }
SEED=
until_true 400 "a training on n2" training_on n2
read -r job node _ <<<"$(job_of train "$SEED")"
kill_node n2
LOST=$SEED
say "n2 dies: slurmd and all that ran there, with job $job, which trained seed $SEED (lock: $(cat "$WORK/studies/smoke/seed-$SEED/lock"))"
until_true 120 "n2 down" eval '[[ $(sinfo -h -n n2 -o %t) == down* ]]'
say "Slurm sees it: $(sinfo -h -N -o '%N %t' | tr '\n' ' ')"
probing() { local found; found=$(job_of probe '[0-9]') && SEED=${found##*_} && has "$SEED" probe/0; }
until_true 400 "a probe" probing
read -r other node _ <<<"$(job_of probe "$SEED")"
scancel --full --signal=KILL "$other"
say "SIGKILL to job $other, which probed seed $SEED on $node"

until_true 300 "training of seed $LOST on n1" eval '[[ $(job_of train $LOST n1) == $job* ]]'
until_true 150 "training of seed $LOST after n1 took its lock over" eval 'grep -q "\"host\":\"n1\"" "$WORK/studies/smoke/seed-$LOST/lock"'
say "n1 goes on with job $job: $(cat "$WORK/studies/smoke/seed-$LOST/lock")"
start_node n2
until_true 60 "n2 back" eval '[[ $(sinfo -h -n n2 -o %t) =~ ^(idle|mix|alloc) ]]'
say "n2 is back: $(sinfo -h -N -o '%N %t' | tr '\n' ' ')"

wait "$RUNNING" || { tail -40 "$WORK/snakemake.out"; fail "snakemake"; }
RUNNING=
say "snakemake ended; jobs by state: $(squeue -h -t all -o %T | sort | uniq -c | tr -s ' \n' ' ')"

cd "$WORK/studies/smoke"
again=$(for journal in seed-*/journal.jsonl; do sed -E "s|.*\"stage\":\"([^\"]*)\".*|$journal \1|" "$journal"; done | grep -v ' train/' | sort | uniq -d)
[ -z "$again" ] || fail "stages that were done twice: $again"
took=$(squeue -h -t CD -o '%M' | awk -F: '{ total += 60 * $1 + $2; jobs++ } END { print jobs, total }')
own=$(sed -E 's/.*"seconds":([^,]*),.*/\1/' seed-*/journal.jsonl | awk '{ total += $1 } END { print int(total) }')
say "completed jobs and their seconds in all: $took; of the stages in the journals: $own"
say "no stage was done twice: $(cat seed-*/journal.jsonl | wc -l) lines in six journals"
list() { (cd "$1" && find . -type f ! -name journal.jsonl ! -name index.html | sort | xargs sha256sum); }
diff <(list "$WORK/one") <(list "$WORK/studies/smoke") || fail "other bytes"
say "$(list . | wc -l) files, $(list . | awk '{print $2}' | xargs cat | wc -c) bytes, are those of one process"
# Pages hold times of the journal; without them they are the same.
facts='s/"facts":\{"seconds":[^}]*\},"threads":[^}]*"manifestSha256"/"manifestSha256"/g'
pages=$(find . -name index.html | sort)
for page in $pages; do
  cmp <(sed -E "$facts" "$page") <(sed -E "$facts" "$WORK/one/$page") || fail "another page: $page"
done
say "$(wc -w <<<"$pages") pages as well, but for the times that they tell"
left=$(snake --dry-run 2>&1)
grep -q 'Nothing to be done' <<<"$left" || fail "something was left to do"
say "a second snakemake finds nothing to be done"
