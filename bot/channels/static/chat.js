// The chat page. Every word a person reads stands in chat.html or comes from the server.

const KEPT = 50;
const TIMEOUT = 20_000;
const FILE_TIMEOUT = 60_000;
const ANY_FILE = "application/octet-stream";
const TAGS = new Set(["B", "I", "U", "S", "CODE", "PRE", "BLOCKQUOTE", "A"]);
const DROPPED = new Set(["SCRIPT", "STYLE"]);
const WEB = new Set(["http:", "https:"]);
const PROTOCOLS = new Set([...WEB, "tel:", "mailto:"]);

const byId = (id) => document.getElementById(id);
const log = byId("log");
const question = byId("question");
const status = byId("status");
const offline = byId("offline");
const bigText = byId("big-text");
const attach = byId("attach");
const picker = byId("file");
const typing = stamp("typing");

// An entry is a message of the person, {body, label, state, reason}, or of the assistant, {reply}. A file's is {body,
// label, named}; the file itself is lost with the page.
const views = new Map();
const files = new Map();
const memory = { conversation: null, entries: [], draft: "", upload: false };
let queue = Promise.resolve();

function stamp(template) {
  return byId(template).content.firstElementChild.cloneNode(true);
}

// --- What the server sends becomes nodes, never markup: only known tags and safe addresses get through.

function safeAddress(address, protocols = PROTOCOLS) {
  try {
    return protocols.has(new URL(address, location.href).protocol) ? address : null;
  } catch {
    return null;
  }
}

function setLink(link, address) {
  link.href = address;
  if (WEB.has(link.protocol)) {
    link.target = "_blank";
    link.rel = "noopener noreferrer";
  }
}

function sanitise(html) {
  return cleanChildren(new DOMParser().parseFromString(html, "text/html").body);
}

function cleanChildren(node) {
  const clean = document.createDocumentFragment();
  clean.append(...[...node.childNodes].map(cleanNode));
  return clean;
}

function cleanNode(node) {
  if (node.nodeType === Node.TEXT_NODE) return node.data;
  if (node.nodeType !== Node.ELEMENT_NODE || DROPPED.has(node.tagName)) return "";
  const address = node.tagName === "A" ? safeAddress(node.getAttribute("href") ?? "") : null;
  if (!TAGS.has(node.tagName) || (node.tagName === "A" && !address)) return cleanChildren(node);
  const clean = document.createElement(node.tagName);
  if (address) setLink(clean, address);
  clean.append(cleanChildren(node));
  return clean;
}

// --- Memory: the conversation survives a reload, and ends with the tab. The size of letters stays for good.

function recall() {
  try {
    const kept = JSON.parse(sessionStorage.getItem("chat"));
    if (Array.isArray(kept?.entries)) Object.assign(memory, kept);
  } catch {
    // Storage is off or holds something else: begin anew.
  }
}

function remember() {
  const entries = memory.entries.filter((entry) => !entry.quiet).slice(-KEPT);
  try {
    sessionStorage.setItem("chat", JSON.stringify({ ...memory, entries }));
  } catch {
    // Storage is off or full: the page works without.
  }
}

function setBigText(on) {
  document.documentElement.classList.toggle("big", on);
  bigText.setAttribute("aria-pressed", String(on));
}

function recallBigText() {
  try {
    setBigText(localStorage.getItem("big-text") === "yes");
  } catch {
    setBigText(false);
  }
}

function switchBigText() {
  const on = bigText.getAttribute("aria-pressed") !== "true";
  setBigText(on);
  try {
    localStorage.setItem("big-text", on ? "yes" : "no");
  } catch {
    // Storage is off: the switch holds until the page is left.
  }
}

// --- Showing

function viewOf(entry) {
  const view = entry.reply ? viewOfReply(entry.reply) : viewOfQuestion(entry);
  views.set(entry, view);
  return view;
}

function viewOfQuestion(entry) {
  const view = stamp("mine");
  view.querySelector(".words").textContent = entry.label;
  view.querySelector(".resend").addEventListener("click", () => resend(entry));
  return view;
}

function viewOfReply(reply) {
  const view = stamp("theirs");
  view.querySelector(".words").append(sanitise(reply.html));
  view.querySelector(".rows").append(...reply.buttons.map(viewOfRow));
  showPicture(view, reply);
  showDocument(view.querySelector(".document"), reply.document);
  return view;
}

// Addresses of files come from the root of the server; the page may stand somewhere below it.
function fileAddress(address) {
  return address && safeAddress(address, WEB) ? address.replace(/^\//, "") : null;
}

function showPicture(view, reply) {
  const address = fileAddress(reply.image);
  if (!address) return;
  const link = view.querySelector(".picture");
  const image = link.querySelector("img");
  image.addEventListener("error", () => {
    link.hidden = true;
    view.querySelector(".gone").hidden = false;
  });
  image.alt = reply.alt ?? "";
  image.src = link.href = address;
  link.hidden = false;
}

function showDocument(link, given) {
  const address = fileAddress(given);
  if (!address) return;
  const name = decodeURIComponent(address.split("/").pop());
  link.querySelector(".file").textContent = name;
  link.href = address;
  link.download = name;
  link.hidden = false;
}

function viewOfRow(buttons) {
  const row = document.createElement("div");
  row.className = "row";
  row.append(...buttons.map(viewOfButton).filter(Boolean));
  return row;
}

function viewOfButton(button) {
  if (button.url !== undefined) return viewOfLink(button);
  const view = document.createElement("button");
  view.type = "button";
  view.textContent = button.label;
  if (button.copy === undefined) view.dataset.action = button.action;
  else view.addEventListener("click", () => copy(view, button));
  return view;
}

function viewOfLink(button) {
  const address = safeAddress(button.url);
  if (!address) return null;
  const view = document.createElement("a");
  view.textContent = button.label;
  setLink(view, address);
  return view;
}

function mark(entry, state, reason = "") {
  Object.assign(entry, { state, reason });
  if (state === "failed") entry.quiet = false;
  const view = views.get(entry);
  view.hidden = Boolean(entry.quiet);
  view.classList.toggle("waiting", state === "waiting");
  view.querySelector(".failure").hidden = state !== "failed";
  view.querySelector(".reason").textContent = reason;
}

function say(...words) {
  status.textContent = words.join(" ");
}

// --- Sending: one message after the other, each answered right below its question.

class Refusal extends Error {}

function postMessage(body) {
  return post("api/messages", "application/json", JSON.stringify(body), TIMEOUT);
}

function postFile(file) {
  if (file.size > Number(attach.dataset.max)) throw new Refusal(status.dataset.tooLarge);
  const where = new URLSearchParams({ conversation: memory.conversation, name: file.name });
  return post(`api/files?${where}`, file.type || ANY_FILE, file, FILE_TIMEOUT);
}

async function post(address, type, body, time) {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), time);
  try {
    const response = await fetch(address, {
      method: "POST",
      headers: { "Content-Type": type },
      body,
      signal: limit.signal,
    });
    const answer = await response.json();
    if (!response.ok) throw new Refusal(answer.error);
    return answer;
  } finally {
    clearTimeout(timer);
  }
}

function send(body, label, quiet = false) {
  add({ body, label, quiet });
}

function sendFile(file) {
  const entry = { body: {}, label: file.name, named: file.name };
  files.set(entry, file);
  add(entry);
}

function add(entry) {
  memory.entries.push(entry);
  log.append(viewOf(entry));
  enqueue(entry);
}

function resend(entry) {
  if (entry.named && !files.has(entry)) {
    picker.click();
    return;
  }
  memory.entries.push(...memory.entries.splice(memory.entries.indexOf(entry), 1));
  log.append(views.get(entry));
  views.get(entry).focus();
  enqueue(entry);
}

function enqueue(entry) {
  mark(entry, "waiting");
  remember();
  if (!entry.quiet) log.scrollTop = log.scrollHeight;
  queue = queue.then(() => deliver(entry));
}

async function deliver(entry) {
  views.get(entry).after(typing);
  if (typing === log.lastElementChild) log.scrollTop = log.scrollHeight;
  say(status.dataset.waiting);
  try {
    const file = files.get(entry);
    const answer = await (file ? postFile(file) : postMessage({ conversation: memory.conversation, ...entry.body }));
    memory.conversation = answer.conversation;
    memory.upload = answer.upload ?? memory.upload;
    files.delete(entry);
    showAttach();
    mark(entry, "sent");
    say();
    showReplies(entry, answer.replies);
  } catch (error) {
    const reason = error instanceof Refusal ? error.message : status.dataset.network;
    mark(entry, "failed", reason);
    say(status.dataset.failed, reason);
  } finally {
    typing.remove();
    remember();
  }
}

function showReplies(entry, replies) {
  typing.remove();
  const entries = replies.map((reply) => ({ reply }));
  memory.entries.splice(memory.entries.indexOf(entry) + 1, 0, ...entries);
  const shown = entries.map(viewOf);
  views.get(entry).after(...shown);
  if (entry.quiet || !shown.length) return;
  const pressed = entry.body.action !== undefined;
  if (pressed && document.activeElement !== question) shown[0].focus({ preventScroll: true });
  shown[0].scrollIntoView({ block: "start" });
}

// --- What a person does

function press(button) {
  const { action } = button.dataset;
  const underWay = memory.entries.some((entry) => entry.state === "waiting" && entry.body.action === action);
  if (!underWay) send({ action }, button.textContent.trim());
}

function ask() {
  const text = question.value.trim();
  question.focus();
  if (!text) return;
  question.value = memory.draft = "";
  send({ text }, text);
}

async function copy(view, button) {
  const done = await writeClipboard(button.copy);
  if (!done) {
    say(status.dataset.notCopied, button.copy);
    return;
  }
  say(status.dataset.copied);
  view.textContent = status.dataset.copied;
  setTimeout(() => (view.textContent = button.label), 2_000);
}

async function writeClipboard(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyFromField(text);
  }
}

// Where the clipboard is closed to pages, as on plain http.
function copyFromField(text) {
  const before = document.activeElement;
  const field = document.createElement("textarea");
  field.className = "unseen";
  field.value = text;
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  before?.focus();
  return done;
}

function showAttach() {
  attach.hidden = !memory.upload;
}

function showConnection() {
  offline.hidden = navigator.onLine;
}

function listen() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-action]");
    if (button) press(button);
  });
  byId("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    ask();
  });
  question.addEventListener("keydown", (event) => {
    // Vietnamese input methods compose letters, and their Enter only ends the word.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    ask();
  });
  question.addEventListener("input", () => {
    memory.draft = question.value;
    remember();
  });
  attach.addEventListener("click", () => picker.click());
  picker.addEventListener("change", () => {
    for (const file of picker.files) sendFile(file);
    picker.value = "";
  });
  bigText.addEventListener("click", switchBigText);
  addEventListener("online", showConnection);
  addEventListener("offline", showConnection);
}

function restore() {
  log.append(...memory.entries.map(viewOf));
  for (const entry of memory.entries.filter((entry) => !entry.reply)) {
    const lost = entry.state === "waiting";
    mark(entry, lost ? "failed" : entry.state, lost ? status.dataset.network : entry.reason);
  }
  question.value = memory.draft;
  log.lastElementChild?.scrollIntoView({ block: "start" });
}

recallBigText();
recall();
listen();
restore();
showAttach();
showConnection();
if (!memory.entries.length) {
  const home = document.querySelector('.tools [data-action="home"]');
  send({ action: "home" }, home.textContent.trim(), true);
}
