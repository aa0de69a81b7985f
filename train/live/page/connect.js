// The connection: events bring parts of the state, each as a whole. When it is lost, the page
// keeps what it shows and tries again; another training then takes its place.
const silence = 12000; // ms without an event, more than two heartbeats
const pauses = [2000, 15000]; // ms between two tries, at first and in the end
let source = null, watchdog = 0, ended = false, pause = pauses[0];

function link(name, words) {
  $("link").dataset.state = name;
  set("link", words);
}

function heard() {
  clearTimeout(watchdog);
  watchdog = setTimeout(lost, silence);
  ended = false;
  pause = pauses[0];
  link("open", "live");
}

function lost() {
  clearTimeout(watchdog);
  source.close();
  if (!ended) link("lost", "connection lost, trying again…");
  setTimeout(connect, pause);
  pause = Math.min(1.5 * pause, pauses[1]);
}

function connect() {
  if (document.hidden) { // nobody looks: wait
    document.addEventListener("visibilitychange", connect, { once: true });
    return;
  }
  source = new EventSource("/events");
  source.onerror = lost;
  for (const name of Object.keys(shows)) source.addEventListener(name, e => {
    heard();
    const value = JSON.parse(e.data);
    if (name === "run" && value.page !== document.documentElement.dataset.page) return location.reload(); // of another version
    state[name] = value;
    refresh(...(name === "run" ? Object.keys(shows) : [name]));
  });
  source.addEventListener("beat", heard);
  source.addEventListener("end", () => {
    ended = true;
    link("ended", "ended; waiting for the next training on this address");
    lost();
  });
}

// A page that nobody looks at leaves its place to others: browsers open few streams to a server.
document.addEventListener("visibilitychange", () => {
  if (!document.hidden || !source || source.readyState === EventSource.CLOSED) return;
  clearTimeout(watchdog);
  source.close();
  connect();
});

connect();
